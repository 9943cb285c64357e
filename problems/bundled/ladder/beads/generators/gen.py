"""Inputs of `beads`. Arguments: `word TEXT`, or `random SEED LENGTH LETTERS [REPEATS]`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input; REPEATS is how often a letter stands in a row at most."""
    if args[0] == "word":
        print(args[1])
        return
    rng = random.Random(int(args[1]))
    length, letters = int(args[2]), args[3]
    most = int(args[4]) if len(args) > 4 else 1
    text = ""
    while len(text) < length:
        text += rng.choice(letters) * rng.randint(1, most)
    print(text[:length])


main(sys.argv[1:])
