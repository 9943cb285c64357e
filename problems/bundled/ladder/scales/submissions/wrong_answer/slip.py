input()
left = right = 0
for x in sorted(map(int, input().split()), reverse=True):
    if left <= right:
        left += x
    else:
        right += x
print(abs(left - right))
