"""Inputs of `shelf`. Arguments: `list K X...`, `all N`, or
`random SEED N K LOW HIGH [up|down]`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "list":
        k, *numbers = map(int, args[1:])
    elif args[0] == "all":
        numbers = list(range(int(args[1]), 0, -1))
    else:
        seed, n, k, low, high = map(int, args[1:6])
        rng = random.Random(seed)
        numbers = [rng.randint(low, high) for _ in range(n)]
        if "up" in args:
            numbers.sort()
        if "down" in args:
            numbers.sort(reverse=True)
    print(len(numbers))
    print(*numbers)


main(sys.argv[1:])
