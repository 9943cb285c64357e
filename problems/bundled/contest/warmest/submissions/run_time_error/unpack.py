# Reads two of the three numbers.
a, b = map(int, input().split())
print(max(a, b))
