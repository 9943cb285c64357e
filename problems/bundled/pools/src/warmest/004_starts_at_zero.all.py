largest = 0
for t in map(int, input().split()):
    if t > largest:
        largest = t
print(largest)
