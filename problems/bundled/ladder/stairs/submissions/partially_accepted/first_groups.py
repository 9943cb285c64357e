n, b = map(int, input().split())


def climb(stair):
    if stair == n:
        return 1
    if stair > n or stair == b:
        return 0
    return climb(stair + 1) + climb(stair + 2) + climb(stair + 3)


print(climb(0) % 1000007)
