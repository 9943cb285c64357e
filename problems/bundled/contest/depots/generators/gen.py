"""Inputs of `depots`.

Arguments: SHAPE SEED N [key=value ...]; keys x (largest place), w (largest weight), a, b.
"""

import random
import sys

Farm = tuple[int, int]


def uniform(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """Places and weights without structure."""
    return [(rng.randint(0, x), rng.randint(1, w)) for _ in range(n)]


def villages(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """A few dense villages of unequal size: the cost over the split has many valleys."""
    count = rng.randint(3, 7)
    spread = max(1, x // (count * 40))
    centres = [rng.randint(spread, x - spread) for _ in range(count)]
    sizes = [rng.randint(1, 10) for _ in range(count)]
    farms = []
    for _ in range(n):
        centre = rng.choices(centres, sizes)[0]
        farms.append((centre + rng.randint(-spread, spread), rng.randint(1, w)))
    return farms


def outlier(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """One heavy crowd in the west and a few far farms in the east."""
    few = max(1, n // 50)
    crowd = [(rng.randint(0, x // 5), rng.randint(1, w)) for _ in range(n - few)]
    return crowd + [(rng.randint(x - x // 20, x), rng.randint(1, w)) for _ in range(few)]


def mirror(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """`outlier` turned round, so that a rule for one direction fails in the other."""
    return [(x - place, weight) for place, weight in outlier(rng, n, x, w)]


def heavy(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """Most farms need one sack and a handful needs the most."""
    heavies = set(rng.sample(range(n), max(1, n // 20)))
    return [(rng.randint(0, x), w if i in heavies else 1) for i in range(n)]


def stacked(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """Many farms on few places."""
    places = [rng.randint(0, x) for _ in range(max(1, min(n // 4, 40)))]
    return [(rng.choice(places), rng.randint(1, w)) for _ in range(n)]


def same(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """All farms on one place."""
    place = rng.randint(0, x)
    return [(place, rng.randint(1, w)) for _ in range(n)]


def powers(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """Gaps that grow by a constant factor towards the east."""
    factor = x ** (1 / n)
    return [(min(x, int(factor**i)), rng.randint(1, w)) for i in range(1, n + 1)]


def ends(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """Half of the farms at either end: the largest sums."""
    return [(rng.choice((0, x)) if i > 1 else x * i, w) for i in range(n)]


def spread(rng: random.Random, n: int, x: int, w: int) -> list[Farm]:
    """Evenly spaced places, given from east to west."""
    return [(x * i // n, rng.randint(1, w)) for i in range(n, 0, -1)]


SHAPES = {
    f.__name__: f
    for f in (uniform, villages, outlier, mirror, heavy, stacked, same, powers, ends, spread)
}


def main(args: list[str]) -> None:
    """Print one input."""
    if args[0] == "list":
        a, b, numbers = int(args[1]), int(args[2]), [int(word) for word in args[3:]]
        farms = list(zip(numbers[::2], numbers[1::2]))
    else:
        rng = random.Random(int(args[1]))
        n = int(args[2])
        keys = {"x": 10**9, "w": 100, "a": rng.randint(1, 10), "b": rng.randint(1, 10)}
        for word in args[3:]:
            key, value = word.split("=")
            keys[key] = int(value)
        a, b = keys["a"], keys["b"]
        farms = SHAPES[args[0]](rng, n, keys["x"], keys["w"])
        if args[0] != "spread":
            rng.shuffle(farms)
    print(len(farms), a, b)
    print("\n".join(f"{place} {weight}" for place, weight in farms))


main(sys.argv[1:])
