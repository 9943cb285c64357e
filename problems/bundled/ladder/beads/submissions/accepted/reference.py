from itertools import groupby

runs = [(-len(list(run)), letter) for letter, run in groupby(input())]
length, letter = min(runs)
print(letter, -length)
