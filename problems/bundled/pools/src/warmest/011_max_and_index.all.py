nums = list(map(int, input().split()))
print(max(nums), nums.index(max(nums)) + 1)
