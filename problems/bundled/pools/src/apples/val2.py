import re
import sys
sys.exit(0 if re.fullmatch(r"\d{1,10} \d{1,10}\n?", sys.stdin.read()) else 1)
