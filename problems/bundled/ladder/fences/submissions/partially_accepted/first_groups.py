depth = best = 0
for i, sign in enumerate(input()):
    depth += 1 if sign in '([' else -1
    if depth < 0:
        break
    if depth == 0:
        best = i + 1
print(best)
