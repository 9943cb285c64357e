t = list(map(int, input().split()))
print(max(t, key=abs))
