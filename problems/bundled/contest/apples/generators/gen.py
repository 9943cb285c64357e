"""Inputs of `apples`. Arguments: a b, or `random SEED LIMIT`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "random":
        rng = random.Random(int(args[1]))
        print(rng.randint(0, int(args[2])), rng.randint(0, int(args[2])))
    else:
        print(args[0], args[1])


main(sys.argv[1:])
