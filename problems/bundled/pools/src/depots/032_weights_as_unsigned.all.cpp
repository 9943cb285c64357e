#include <cstdio>
#include <algorithm>
#include <vector>
using namespace std;

struct Farm {
    int x, w;
    bool operator<(const Farm& o) const { return x < o.x; }
};

int main() {
    int n, a, b;
    scanf("%d %d %d", &n, &a, &b);
    vector<Farm> f(n);
    for (auto& e : f) scanf("%d %d", &e.x, &e.w);
    sort(f.begin(), f.end());
    vector<int> left(n), right(n + 1, 0);
    // left[i]: one depot for 0..i
    for (int i = 0; i < n; i++) {
        int best = 2000000000;
        int tot = 0;
        for (int j = 0; j <= i; j++) tot += f[j].w;
        int acc = 0, p = 0;
        for (int j = 0; j <= i; j++) {
            acc += f[j].w;
            if (acc * b >= (tot - acc) * a) { p = j; break; }
        }
        best = 0;
        for (int j = 0; j <= i; j++) best += f[j].w * (f[j].x >= f[p].x ? a * (f[j].x - f[p].x) : b * (f[p].x - f[j].x));
        left[i] = best;
    }
    for (int i = n - 1; i >= 0; i--) {
        int tot = 0, acc = 0, p = i, c = 0;
        for (int j = i; j < n; j++) tot += f[j].w;
        for (int j = i; j < n; j++) {
            acc += f[j].w;
            if (acc * b >= (tot - acc) * a) { p = j; break; }
        }
        for (int j = i; j < n; j++) c += f[j].w * (f[j].x >= f[p].x ? a * (f[j].x - f[p].x) : b * (f[p].x - f[j].x));
        right[i] = c;
    }
    int ans = left[n - 1];
    for (int i = 0; i < n; i++) ans = min(ans, left[i] + right[i + 1]);
    printf("%d\n", ans);
}
