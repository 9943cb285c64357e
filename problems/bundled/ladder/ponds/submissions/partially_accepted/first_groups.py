h, w = map(int, input().split())
print(max(len(pond) for _ in range(h) for pond in input().split('.')))
