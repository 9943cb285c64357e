import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, _ = data[:3]
    xs = sorted(data[3::2])
    pre = [0]
    for x in xs:
        pre.append(pre[-1] + x)
    best = None
    for k in range(1, n):
        i = k // 2
        left = xs[i] * i - pre[i] + pre[k] - pre[i] - xs[i] * (k - i)
        j = (n - k) // 2
        right = xs[j] * (j - k) - (pre[j] - pre[k]) + pre[n] - pre[j] - xs[j] * (n - j)
        if best is None or left + right < best:
            best = left + right
    print(best * a)

main()
