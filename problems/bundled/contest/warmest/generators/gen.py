"""Inputs of `warmest`. Arguments: a b c, or `random SEED LOW HIGH`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "random":
        rng = random.Random(int(args[1]))
        print(*(rng.randint(int(args[2]), int(args[3])) for _ in range(3)))
    else:
        print(*args)


main(sys.argv[1:])
