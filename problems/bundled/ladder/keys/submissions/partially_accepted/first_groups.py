input()
taken = list(map(int, input().split()))
free = 1
while free in taken and free <= 200:
    free += 1
print(free)
