if input() == "write":
    print("a" * (int(input()) + 1))
else:
    print(len(input()) - 1)
