import sys
words = sys.stdin.read().split()
sys.exit(0 if len(words) == 3 and all(w.lstrip("-").isdigit() for w in words) else 1)
