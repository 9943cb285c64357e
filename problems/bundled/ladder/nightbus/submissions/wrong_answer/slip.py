time, minutes = input().split()
h, m = map(int, time.split(':'))
t = (h * 60 + m + int(minutes)) % 1440
print(f'{t // 60}:{t % 60}')
