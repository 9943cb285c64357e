temps = list(map(int, input().split()))
temps.sort()
print(temps[-1])
