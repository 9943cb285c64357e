"""Inputs of `ballot`. Arguments: `list [K] X...` or
`random SEED N LOW HIGH [different]`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "list":
        numbers = [int(word) for word in args[1:]]
    else:
        seed, n, low, high = map(int, args[1:5])
        rng = random.Random(seed)
        if "different" in args:
            numbers = rng.sample(range(low, high + 1), n)
        else:
            numbers = [rng.randint(low, high) for _ in range(n)]
    print(len(numbers))
    print(*numbers)


main(sys.argv[1:])
