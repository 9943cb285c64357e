import sys
from bisect import bisect_left

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[0:3]
    x = data[3::2]
    w = data[4::2]
    order = sorted(range(n), key=lambda i: x[i])
    x = [x[i] for i in order]
    W = [0]
    S = [0]
    for i in range(n):
        W.append(W[-1] + w[i])
        S.append(S[-1] + w[i] * x[i])

    def seg(l, r):
        t = W[r] - W[l]
        p = bisect_left(W, W[l] + (t * a + a + b - 1) // (a + b), l, r - 1)
        return b * (x[p] * (W[p] - W[l]) - S[p] + S[l]) + a * (S[r] - S[p] - x[p] * (W[r] - W[p]))

    best = seg(0, n)
    for k in range(1, n):
        c = seg(0, k) + seg(k, n)
        if c < best:
            best = c
    print(best)

main()
