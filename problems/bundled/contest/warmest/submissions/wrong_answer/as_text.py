# Compares the words as text.
print(max(input().split()))
