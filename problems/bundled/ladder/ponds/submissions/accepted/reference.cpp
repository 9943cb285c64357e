#include <bits/stdc++.h>
using namespace std;

int main() {
    int h, w;
    cin >> h >> w;
    vector<string> map_rows(h);
    for (string& row : map_rows) cin >> row;
    int best = 0;
    for (int i = 0; i < h; i++)
        for (int j = 0; j < w; j++) {
            int size = 0;
            vector<pair<int, int>> stack{{i, j}};
            while (!stack.empty()) {
                auto [r, c] = stack.back();
                stack.pop_back();
                if (r < 0 || c < 0 || r >= h || c >= w || map_rows[r][c] != '#') continue;
                map_rows[r][c] = '.';
                size++;
                stack.insert(stack.end(), {{r + 1, c}, {r - 1, c}, {r, c + 1}, {r, c - 1}});
            }
            best = max(best, size);
        }
    cout << best << '\n';
}
