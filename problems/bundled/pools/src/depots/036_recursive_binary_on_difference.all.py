import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    W = [0] * (n + 1)
    S = [0] * (n + 1)
    for i, (x, w) in enumerate(farms):
        W[i + 1] = W[i] + w
        S[i + 1] = S[i] + x * w

    def seg(l, r):
        if l >= r:
            return 0
        t = W[r] - W[l]
        lo, hi = l, r - 1
        while lo < hi:
            m = (lo + hi) // 2
            if (W[m + 1] - W[l]) * (a + b) >= t * a:
                hi = m
            else:
                lo = m + 1
        x = farms[lo][0]
        return b * (x * (W[lo] - W[l]) - S[lo] + S[l]) + a * (S[r] - S[lo] - x * (W[r] - W[lo]))

    f = lambda k: seg(0, k) + seg(k, n)
    lo, hi = 0, n
    while lo < hi:
        m = (lo + hi) // 2
        if f(m) <= f(m + 1):
            hi = m
        else:
            lo = m + 1
    print(f(lo))

main()
