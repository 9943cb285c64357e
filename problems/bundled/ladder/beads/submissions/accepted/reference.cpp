#include <bits/stdc++.h>
using namespace std;

int main() {
    string word;
    cin >> word;
    int best = 0;
    char letter = 'z';
    for (size_t i = 0, j; i < word.size(); i = j) {
        for (j = i; j < word.size() && word[j] == word[i]; j++) {}
        int length = j - i;
        if (length > best || (length == best && word[i] < letter)) best = length, letter = word[i];
    }
    cout << letter << ' ' << best << '\n';
}
