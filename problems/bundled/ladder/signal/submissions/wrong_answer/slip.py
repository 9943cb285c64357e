print(bin(int(input())).count("11"))
