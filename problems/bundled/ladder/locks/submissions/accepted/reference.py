a, b = map(int, input().split())
red = bytearray([1]) * (b + 1)
red[:2] = b"\0\0"[: b + 1]
for p in range(2, int(b**0.5) + 1):
    if red[p]:
        red[p * p :: p] = bytes(len(range(p * p, b + 1, p)))
print(sum(red[a:]))
