print(sum(len(flash) > 1 for flash in bin(int(input()))[2:].split("0")))
