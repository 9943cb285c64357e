import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    f = sorted(zip(data[3::2], data[4::2]))
    W, S = [0], [0]
    for x, w in f:
        W.append(W[-1] + w)
        S.append(S[-1] + w * x)

    def at(l, r, p):
        x = f[p][0]
        return b * (x * (W[p] - W[l]) - S[p] + S[l]) + a * (S[r] - S[p] - x * (W[r] - W[p]))

    p, q = 0, 1
    best = at(0, n, 0)
    for k in range(1, n):
        # the depots can only move to the next farm
        if p + 1 < k and at(0, k, p + 1) < at(0, k, p):
            p += 1
        if q < k:
            q = k
        if q + 1 < n and at(k, n, q + 1) < at(k, n, q):
            q += 1
        best = min(best, at(0, k, p) + at(k, n, q))
    print(best)

main()
