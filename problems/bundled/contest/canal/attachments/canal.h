#pragma once

#include <string>
#include <vector>

// Implemented by you; called by the grader.
void init(int n, std::vector<int> fish, std::string gates);
void toggle(int g);
void stock(int i, int k);
long long shoal(int i);
