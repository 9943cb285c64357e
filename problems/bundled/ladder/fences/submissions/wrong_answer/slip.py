opened = []
matched = 0
for sign in input():
    if sign in '([':
        opened.append(sign)
    elif opened:
        opened.pop()
        matched += 2
print(matched)
