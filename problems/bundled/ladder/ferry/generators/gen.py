"""Inputs of `ferry`. Arguments: `list A B...`, or `random SEED N HIGH LENGTH`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "list":
        words = [int(word) for word in args[1:]]
        trips = list(zip(words[::2], words[1::2]))
    else:
        seed, n, high, length = map(int, args[1:])
        rng = random.Random(seed)
        trips = []
        for _ in range(n):
            a = rng.randint(1, high)
            trips.append((a, min(high, a + rng.randint(0, length))))
    print(len(trips))
    for a, b in trips:
        print(a, b)


main(sys.argv[1:])
