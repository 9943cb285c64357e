import sys

text = sys.stdin.read()
sys.exit(42 if text.strip().isdigit() and 1 <= int(text) <= 1000 else 43)
