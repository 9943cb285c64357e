import sys
data = list(map(int, sys.stdin.buffer.read().split()))
n, a, b = data[:3]
farms = sorted(zip(data[3::2], data[4::2]))
p = farms[(n - 1) // 4][0]
q = farms[3 * (n - 1) // 4][0]
print(sum(w * min(a * (x - p) if x > p else b * (p - x), a * (x - q) if x > q else b * (q - x)) for x, w in farms))
