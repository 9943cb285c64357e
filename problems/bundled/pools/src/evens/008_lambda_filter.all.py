n = int(input())
print(len(list(filter(lambda v: not v & 1, map(int, input().split())))))
