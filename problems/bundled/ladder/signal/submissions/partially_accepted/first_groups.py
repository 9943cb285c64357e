n = int(input())
print(sum(len(flash) > 1 for flash in f"{n % 64:b}".split("0")))
