import sys
def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a = data[0], data[1]
    xs = sorted(data[3::2])
    half = n // 2
    left = xs[:half]
    right = xs[half:]
    total = 0
    for part in (left, right):
        if part:
            m = part[len(part) // 2]
            total += sum(abs(x - m) for x in part)
    print(total * a)
main()
