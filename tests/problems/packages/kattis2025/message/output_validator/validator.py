import re
import sys
from pathlib import Path

number = Path(sys.argv[2]).read_text().strip()
feedback = Path(sys.argv[3])
said = sys.stdin.read().strip()
state = feedback / "second"
if state.exists():
    sys.exit(42 if said == number else 43)
if not re.fullmatch("[ab]{1,10}", said):
    sys.exit(43)
state.write_text("yes")
(feedback / "nextpass.in").write_text(f"read\n{said}\n")
sys.exit(42)
