#include <bits/stdc++.h>
using namespace std;

int main() {
    string note, opened;
    cin >> note;
    size_t best = 0;
    for (size_t i = 0; i < note.size(); i++) {
        char sign = note[i];
        if (sign == '(' || sign == '[') {
            opened += sign;
        } else {
            char wanted = sign == ')' ? '(' : '[';
            if (opened.empty() || opened.back() != wanted) break;
            opened.pop_back();
            if (opened.empty()) best = i + 1;
        }
    }
    cout << best << '\n';
}
