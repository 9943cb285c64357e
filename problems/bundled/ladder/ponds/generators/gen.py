"""Inputs of `ponds`. Arguments: `rows ROW...`, or `random SEED H W WATER` (per cent), or `full H W`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "rows":
        rows = args[1:]
    elif args[0] == "full":
        rows = ["#" * int(args[2])] * int(args[1])
    else:
        seed, h, w, water = map(int, args[1:])
        rng = random.Random(seed)
        rows = ["".join(".#"[rng.randrange(100) < water] for _ in range(w)) for _ in range(h)]
    print(len(rows), len(rows[0]))
    print(*rows, sep="\n")


main(sys.argv[1:])
