n = int(input())
houses = set(map(int, input().split()))
print(len([h for h in houses if h % 2 == 0]))
