import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))
    W, S = [0], [0]
    for x, w in farms:
        W.append(W[-1] + w)
        S.append(S[-1] + w * x)
    best = None
    for k in range(n):
        # first depot at the west end of its part, second one at the east end
        p, q = farms[0][0], farms[-1][0]
        c = a * (S[k] - p * W[k]) + b * (q * (W[n] - W[k]) - (S[n] - S[k]))
        if best is None or c < best:
            best = c
    print(best)

main()
