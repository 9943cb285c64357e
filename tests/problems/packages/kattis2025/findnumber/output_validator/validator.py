import sys
from pathlib import Path

secret = int(Path(sys.argv[1]).read_text())
for _ in range(10):
    line = sys.stdin.readline().strip()
    if not line.isdigit():
        sys.exit(43)
    guess = int(line)
    if guess == secret:
        print("correct", flush=True)
        sys.exit(42 if not sys.stdin.read().strip() else 43)
    print("lower" if secret < guess else "higher", flush=True)
Path(sys.argv[3], "judgemessage.txt").write_text("no question left")
sys.exit(43)
