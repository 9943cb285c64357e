s = int(input())
print(s // 2, s // 2)
