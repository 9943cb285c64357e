import re
import sys

text = sys.stdin.read()
ok = re.fullmatch(r"(0|[1-9][0-9]*) (0|[1-9][0-9]*)\n", text)
sys.exit(42 if ok and max(map(int, text.split())) <= 1000 else 43)
