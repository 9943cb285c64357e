"""Input validator of `fences`: exit 42 when the input is valid. Flags: round=1 (one kind)."""

import re
import sys

flags = dict(word.split("=") for word in sys.argv[1:])
text = sys.stdin.read()
fits = re.fullmatch(r"[()\[\]]{1,20000}\n", text) is not None
fits = fits and len(text) - 1 <= int(flags.get("max_n", 20000))
fits = fits and ("round" not in flags or set(text.strip()) <= set("()"))
sys.exit(42 if fits else 43)
