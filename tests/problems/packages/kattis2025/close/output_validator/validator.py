import math
import sys
from pathlib import Path

number = int(Path(sys.argv[1]).read_text())
try:
    said = float(sys.stdin.read())
except ValueError:
    sys.exit(43)
share = max(0.0, 1 - abs(said - math.sqrt(number)))
feedback = Path(sys.argv[3])
if "points" in sys.argv:
    (feedback / "score.txt").write_text(str(share * float(sys.argv[-1])))
else:
    (feedback / "score_multiplier.txt").write_text(str(share))
sys.exit(42)
