input()
taken = set(input().split())
free = 1
while str(free) in taken:
    free += 1
print(free)
