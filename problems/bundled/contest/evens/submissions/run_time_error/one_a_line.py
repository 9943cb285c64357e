# Expects one number a line.
n = int(input())
print(sum(int(input()) % 2 == 0 for _ in range(n)))
