// @EXPECTED_GRADES@ AC TLE TLE TLE
// O(n^3): every pair of farms as depots, every farm takes the cheaper one.
#include <algorithm>
#include <climits>
#include <iostream>
#include <vector>

int main() {
    int n;
    long long a, b;
    std::cin >> n >> a >> b;
    std::vector<long long> x(n), w(n);
    for (int i = 0; i < n; i++) std::cin >> x[i] >> w[i];
    auto cost = [&](int depot, int farm) {
        long long d = x[farm] - x[depot];
        return w[farm] * (d > 0 ? a * d : b * -d);
    };
    long long best = LLONG_MAX;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            long long sum = 0;
            for (int k = 0; k < n; k++) sum += std::min(cost(i, k), cost(j, k));
            best = std::min(best, sum);
        }
    std::cout << best << '\n';
}
