import sys
data = sys.stdin.read().split("\n")
group = sys.argv[1]
def bad():
    sys.exit(1)
if len(data) < 4 or data[-1] != "" or data[-2] != "e":
    bad()
try:
    n = int(data[0])
except ValueError:
    bad()
if not 1 <= n <= (1000 if group == "group1" else 200000):
    bad()
if not data[1].startswith("*") and len(data[1].split()) != n:
    bad()
if not data[2].startswith("*") and len(data[2].replace("-", "")) != n - 1:
    bad()
total = 0
for line in data[3:-2]:
    parts = line.split()
    if not parts or parts[0] not in "tshr":
        bad()
    if group == "group3" and (parts[0] == "s" or parts[0] == "r" and parts[4] != "0"):
        bad()
    if group == "group2" and parts[0] == "r" and parts[7] != "open":
        bad()
    total += int(parts[2]) if parts[0] == "r" else 1
sys.exit(0 if total <= (1000 if group == "group1" else 200000) else 1)
