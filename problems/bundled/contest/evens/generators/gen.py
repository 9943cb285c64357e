"""Inputs of `evens`. Arguments: `list X...`, or `random SEED N HIGH [even|odd]`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "list":
        numbers = [int(word) for word in args[1:]]
    else:
        rng = random.Random(int(args[1]))
        numbers = [rng.randint(1, int(args[3])) for _ in range(int(args[2]))]
        if "even" in args:
            numbers = [x + x % 2 for x in numbers]
        if "odd" in args:
            numbers = [x - 1 + x % 2 for x in numbers]
    print(len(numbers))
    print(*numbers)


main(sys.argv[1:])
