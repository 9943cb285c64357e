"""Inputs of `canal`.

Arguments: `text LINE...` prints the lines as they are;
`calls SEED N Q [key=value ...]` writes Q explicit calls. Keys: fish (largest number),
closed (per cent of the gates closed at the start), toggle and stock (per cent of the calls),
open=1 (gates are only opened), near=1 (calls crowd around one place), ends=1 (at both ends).
"""

import random
import sys


def place(rng: random.Random, size: int, keys: dict[str, int], centre: int) -> int:
    """A basin or gate below `size`."""
    if keys["ends"] and rng.random() < 0.7:
        return rng.choice((0, size - 1))
    if keys["near"] and rng.random() < 0.8:
        return min(size - 1, max(0, centre + rng.randint(-3, 3)))
    return rng.randrange(size)


def calls(rng: random.Random, n: int, q: int, keys: dict[str, int]) -> list[str]:
    """The lines of one input with explicit calls."""
    gates = ["0" if rng.randrange(100) < keys["closed"] else "1" for _ in range(n - 1)]
    lines = [
        str(n),
        " ".join(str(rng.randint(keys["low"], keys["fish"])) for _ in range(n)),
        "".join(gates) or "-",
    ]
    centre = rng.randrange(n)
    for _ in range(q):
        kind = rng.randrange(100)
        if kind < keys["toggle"] and n > 1:
            g = place(rng, n - 1, keys, min(centre, n - 2))
            if not keys["open"] or gates[g] == "0":
                gates[g] = "1" if gates[g] == "0" else "0"
                lines.append(f"t {g}")
                continue
        elif keys["toggle"] <= kind < keys["toggle"] + keys["stock"]:
            i = place(rng, n, keys, centre)
            lines.append(f"s {i} {rng.randint(1, max(1, keys['fish']))}")
            continue
        lines.append(f"h {place(rng, n, keys, centre)}")
    return [*lines, "e"]


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "text":
        print("\n".join(args[1:]))
        return
    keys = {"fish": 9, "low": 0, "closed": 30, "toggle": 30, "stock": 20}
    keys |= {"open": 0, "near": 0, "ends": 0}
    for word in args[4:]:
        key, value = word.split("=")
        keys[key] = int(value)
    print("\n".join(calls(random.Random(int(args[1])), int(args[2]), int(args[3]), keys)))


main(sys.argv[1:])
