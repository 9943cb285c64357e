import sys
lines = sys.stdin.read().strip().split("\n")
sys.exit(0 if len(lines) == 2 and len(lines[1].split()) == int(lines[0]) else 1)
