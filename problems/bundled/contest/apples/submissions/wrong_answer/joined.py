# Joins the words instead of adding the numbers.
a, b = input().split()
print(a + b)
