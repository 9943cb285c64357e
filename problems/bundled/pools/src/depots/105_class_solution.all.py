import sys

class Solution:
    def minCost(self, n, a, b, farms):
        farms.sort()
        prefix_w = [0] * (n + 1)
        prefix_c = [0] * (n + 1)
        for i in range(n):
            prefix_w[i + 1] = prefix_w[i] + farms[i][1]
            prefix_c[i + 1] = prefix_c[i] + farms[i][0] * farms[i][1]
        dp = [[float('inf')] * 3 for _ in range(n + 1)]
        dp[0][0] = 0
        for i in range(1, n + 1):
            for j in range(1, 3):
                for k in range(i):
                    mid = (k + i) // 2
                    x = farms[mid][0]
                    west = x * (prefix_w[mid] - prefix_w[k]) - (prefix_c[mid] - prefix_c[k])
                    east = prefix_c[i] - prefix_c[mid] - x * (prefix_w[i] - prefix_w[mid])
                    dp[i][j] = min(dp[i][j], dp[k][j - 1] + a * east + b * west)
        return min(dp[n][1], dp[n][2])

data = list(map(int, sys.stdin.read().split()))
n, a, b = data[:3]
farms = [[data[3 + 2 * i], data[4 + 2 * i]] for i in range(n)]
print(Solution().minCost(n, a, b, farms))
