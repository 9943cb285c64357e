import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))

    def prefix_costs(fs):
        res = [0]
        p = 0
        before = after = cost = 0
        for i, (x, w) in enumerate(fs):
            cost += a * w * abs(x - fs[p][0])
            after += w
            while p < i and b * (before + fs[p][1]) < a * (after - fs[p][1]):
                before += fs[p][1]
                after -= fs[p][1]
                cost += (b * before - a * after) * abs(fs[p + 1][0] - fs[p][0])
                p += 1
            res.append(cost)
        return res

    left = prefix_costs(farms)
    right = prefix_costs(farms[::-1])
    ans = left[n]
    for k in range(n):
        ans = min(ans, left[k] + right[n - k - 1])
    print(ans)

main()
