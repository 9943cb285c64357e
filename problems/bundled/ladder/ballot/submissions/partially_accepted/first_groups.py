input()
a = list(map(int, input().split()))
winner = max(reversed(a[:200]), key=a[:200].count)
print(winner, a[:200].count(winner))
