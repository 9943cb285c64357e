n = int(input())
a = list(map(int, input().split()))
seen = 0
for i in range(n):
    west = all([x < a[i] for x in a[:i]])
    east = all([x < a[i] for x in a[i + 1 :]])
    seen += west or east
print(seen)
