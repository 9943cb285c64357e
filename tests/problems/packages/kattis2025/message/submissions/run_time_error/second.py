if input() == "write":
    print("ab")
else:
    raise ValueError
