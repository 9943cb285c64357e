a, b = map(int, input().split())
print("She picked", a + b, "apples in total.")
