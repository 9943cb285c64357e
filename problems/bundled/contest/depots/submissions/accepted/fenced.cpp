// O(n log n) from both ends: prefix[k] and suffix[k] are the costs of one depot for the first k
// and for the last n - k farms, each found by binary search over the slope of the cost.
#include <algorithm>
#include <iostream>
#include <numeric>
#include <vector>

using i64 = long long;

struct Farms {
    std::vector<i64> x, w, sw, sxw;

    i64 cost_at(i64 a, i64 b, int l, int r, int p) const {
        i64 west = x[p] * (sw[p] - sw[l]) - (sxw[p] - sxw[l]);
        i64 east = (sxw[r] - sxw[p]) - x[p] * (sw[r] - sw[p]);
        return a * east + b * west;
    }

    i64 cost(i64 a, i64 b, int l, int r) const {
        int low = l, high = r - 1;
        while (low < high) {
            int mid = (low + high) / 2;
            if (b * (sw[mid + 1] - sw[l]) < a * (sw[r] - sw[mid + 1])) low = mid + 1;
            else high = mid;
        }
        return cost_at(a, b, l, r, low);
    }
};

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n;
    i64 a, b;
    std::cin >> n >> a >> b;
    std::vector<i64> px(n), pw(n);
    for (int i = 0; i < n; i++) std::cin >> px[i] >> pw[i];
    std::vector<int> order(n);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int i, int j) { return px[i] < px[j]; });
    Farms f;
    f.sw = f.sxw = {0};
    for (int i : order) {
        f.x.push_back(px[i]);
        f.w.push_back(pw[i]);
        f.sw.push_back(f.sw.back() + pw[i]);
        f.sxw.push_back(f.sxw.back() + px[i] * pw[i]);
    }
    i64 best = f.cost(a, b, 0, n);
    for (int k = 1; k < n; k++) best = std::min(best, f.cost(a, b, 0, k) + f.cost(a, b, k, n));
    std::cout << best << '\n';
}
