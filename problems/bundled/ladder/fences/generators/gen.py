"""Inputs of `fences`. Arguments: `word TEXT`, `deep SEED LENGTH [x]`, or `random SEED LENGTH LETTERS [REPEATS]`."""

import random
import sys


def main(args: list[str]) -> None:
    """Print one input; REPEATS is how often a letter stands in a row at most."""
    if args[0] == "word":
        print(args[1])
        return
    rng = random.Random(int(args[1]))
    if args[0] == "deep":
        kinds = ["()", "[]"] if "x" in args else ["()"]
        text, opened, length = "", "", int(args[2])
        while len(text) < length:
            if opened and (len(opened) > 200 or rng.random() < 0.5 or len(text) + len(opened) >= length):
                text, opened = text + opened[-1], opened[:-1]
            else:
                pair = rng.choice(kinds)
                text, opened = text + pair[0], opened + pair[1]
        print(text)
        return
    length, letters = int(args[2]), args[3]
    most = int(args[4]) if len(args) > 4 else 1
    text = ""
    while len(text) < length:
        text += rng.choice(letters) * rng.randint(1, most)
    print(text[:length])


main(sys.argv[1:])
