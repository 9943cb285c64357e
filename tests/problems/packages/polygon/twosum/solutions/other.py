s = int(input())
print(1, s - 1)
