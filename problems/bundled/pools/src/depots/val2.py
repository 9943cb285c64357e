import re
import sys

text = sys.stdin.read()
if not re.fullmatch(r"\d+ \d+ \d+\n(\d+ \d+\n)*(\d+ \d+\n?)", text):
    sys.exit(1)
nums = list(map(int, text.split()))
n, a, b = nums[:3]
xs, ws = nums[3::2], nums[4::2]
g = sys.argv[1]
top = 150 if g == "group1" else 3000 if g == "group2" else 10**5
ok = len(xs) == n and n <= top and max(xs) <= 10**9 and min(ws) >= 1 and max(ws) <= 100
ok = ok and 1 <= min(a, b) and max(a, b) <= 10
if g == "group3":
    ok = ok and a == b and set(ws) == {1}
sys.exit(0 if ok else 1)
