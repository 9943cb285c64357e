import sys
input = sys.stdin.readline

def quant(part, a, b):
    tot = sum(w for x, w in part)
    cur = 0
    for x, w in part:
        cur += w
        if cur >= tot * a / (a + b):
            return x

def cost(part, d, a, b):
    return sum((x - d) * a * w if x > d else (d - x) * b * w for x, w in part)

n, a, b = map(int, input().split())
farms = sorted(tuple(map(int, input().split())) for _ in range(n))
m = n // 2
left, right = farms[:m], farms[m:]
ans = 0
if left:
    ans += cost(left, quant(left, a, b), a, b)
if right:
    ans += cost(right, quant(right, a, b), a, b)
print(ans)
