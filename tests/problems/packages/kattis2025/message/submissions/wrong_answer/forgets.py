if input() == "write":
    print("ab")
else:
    print(0)
