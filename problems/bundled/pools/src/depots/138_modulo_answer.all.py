import sys
MOD = 10 ** 9 + 7

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    f = sorted(zip(data[3::2], data[4::2]))
    W, S = [0], [0]
    for x, w in f:
        W.append(W[-1] + w)
        S.append((S[-1] + w * x) % MOD)
    def seg(l, r):
        if l >= r:
            return 0
        lo, hi = l, r - 1
        while lo < hi:
            m = (lo + hi) // 2
            if b * (W[m + 1] - W[l]) >= a * (W[r] - W[m + 1]):
                hi = m
            else:
                lo = m + 1
        x = f[lo][0]
        return (b * (x * (W[lo] - W[l]) - S[lo] + S[l]) + a * (S[r] - S[lo] - x * (W[r] - W[lo]))) % MOD
    print(min(seg(0, k) + seg(k, n) for k in range(n)) % MOD)

main()
