import sys

def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, a, b = data[:3]
    farms = sorted(zip(data[3::2], data[4::2]))

    def costs(fs, east, west):
        res = [0]
        for k in range(1, len(fs) + 1):
            best = None
            tw = sum(w for _, w in fs[:k])
            tx = sum(x * w for x, w in fs[:k])
            cw = cx = 0
            for x, w in fs[:k]:
                c = west * (x * cw - cx) + east * ((tx - cx) - x * (tw - cw))
                if best is None or c < best:
                    best = c
                cw += w
                cx += x * w
            res.append(best)
        return res

    left = costs(farms, a, b)
    right = costs([(-x, w) for x, w in reversed(farms)], b, a)
    print(min(left[k] + right[n - k] for k in range(n + 1)))

main()
