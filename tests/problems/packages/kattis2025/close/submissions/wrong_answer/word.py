n = int(input())
print(n ** 0.5 if n != 16 else "four")
