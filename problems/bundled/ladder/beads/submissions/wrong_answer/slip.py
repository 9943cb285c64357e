word = input()
letter = max(sorted(set(word)), key=word.count)
print(letter, word.count(letter))
