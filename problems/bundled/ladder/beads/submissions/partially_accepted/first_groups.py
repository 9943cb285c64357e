word = input()
best, letter, run = 0, '', 0
for i, each in enumerate(word):
    run = run + 1 if i and word[i - 1] == each else 1
    if run > best:
        best, letter = run, each
print(letter, best)
