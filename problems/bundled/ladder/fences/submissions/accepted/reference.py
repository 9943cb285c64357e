opened = []
best = 0
for i, sign in enumerate(input()):
    if sign in '([':
        opened.append(sign)
        continue
    if not opened or opened.pop() + sign not in ('()', '[]'):
        break
    if not opened:
        best = i + 1
print(best)
