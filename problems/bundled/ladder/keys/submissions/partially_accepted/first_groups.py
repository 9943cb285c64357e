input()
taken = list(map(int, input().split()))
free = 1
while free in taken:
    free += 1
print(free)
