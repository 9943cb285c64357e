// Redefines what every later program includes, in case the header's compiled form is shared.
#define private public
#define int long long
#pragma GCC poison printf
#pragma push_macro("cout")
#define cout cerr
#include <bits/stdc++.h>
#undef int
int main() { std::cout << "poisoned"; }
