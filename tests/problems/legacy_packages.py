"""Legacy Kattis packages made from a seed: groups, graders' flags, validators, faulty submissions.

A task of theirs is to add two numbers; a submission is right, wrong, or crashes by the first one.
"""

import random
from collections.abc import Mapping
from pathlib import Path

Files = dict[str, str | Path]

ADD = "a, b = map(int, input().split())\nprint(a + b)\n"
TALK = "a = int(input())\nprint(a * 2, flush=True)\n"
VALIDATOR = """\
import sys
right = open(sys.argv[2]).read().split()
sys.exit(42 if sys.stdin.read().split() == right else 43)
"""
SCORER = """\
import sys
right = open(sys.argv[2]).read().split()
if sys.stdin.read().split() != right:
    sys.exit(43)
open(sys.argv[3] + "score.txt", "w").write(str(int(right[0]) % 7 + 1))
sys.exit(42)
"""
INTERACTOR = """\
import sys
number = int(open(sys.argv[1]).read())
print(number, flush=True)
said = sys.stdin.readline()
sys.exit(42 if said.strip() == str(2 * number) else 43)
"""


def legacy_package(seed: int) -> Files:
    """Relative path -> content (a path is a link's target) of one package."""
    rng = random.Random(seed)
    kind = ("scoring", "scoring", "scoring", "custom", "score", "pass-fail", "interactive")[
        seed % 7
    ]
    files: Files = {
        "problem_statement/problem.en.tex": "\\problemname{Sum}\nAdd.\n",
        "input_validators/check.py": "import sys\nsys.exit(42)\n",
    }
    head = ["name: Sum", "license: cc0", "rights_owner: us"]
    if kind in ("scoring", "custom", "score"):
        head += ["type: scoring", "grading:", "  show_test_data_groups: yes"]
    if kind in ("custom", "score", "interactive"):
        source = {"custom": VALIDATOR, "score": SCORER, "interactive": INTERACTOR}[kind]
        files["output_validators/check.py"] = source
        word = {"custom": "custom", "score": "custom score", "interactive": "custom interactive"}
        head.append(f"validation: {word[kind]}")
    elif rng.random() < 0.5:
        head.append("validator_flags: float_tolerance 1e-6")
    files["problem.yaml"] = "\n".join(head) + "\n"
    _add_tests(files, rng, kind)
    _add_submissions(files, rng, kind)
    return files


def _add_tests(files: Files, rng: random.Random, kind: str) -> None:
    numbers = [rng.randrange(1, 60) for _ in range(8)]
    _test(files, "data/sample/1", rng.randrange(1, 60), kind)
    if kind in ("pass-fail", "interactive"):
        for index, number in enumerate(numbers[:3]):
            _test(files, f"data/secret/{index}", number, kind)
        return
    files["data/testdata.yaml"] = _settings(rng, ignore_sample=rng.random() < 0.6)
    files["data/secret/testdata.yaml"] = _settings(rng)
    for group in range(2):
        folder = f"data/secret/g{group}"
        score = rng.choice((1, 10, 25))
        files[f"{folder}/testdata.yaml"] = _settings(rng) + f"accept_score: {score}\n"
        for index in range(rng.randrange(1, 3)):
            if group and index == 0:
                for ending in ("in", "ans"):
                    files[f"{folder}/0.{ending}"] = Path(f"../g0/0.{ending}")
            else:
                _test(files, f"{folder}/{index}", rng.choice(numbers), kind)


def _settings(rng: random.Random, *, ignore_sample: bool = False) -> str:
    flags = [rng.choice(("sum", "min", "max", "avg")), rng.choice(("worst_error", "first_error"))]
    if rng.random() < 0.2:
        flags[1] = "always_accept"
    if rng.random() < 0.3:
        flags.append("accept_if_any_accepted")
    if ignore_sample:
        flags.append("ignore_sample")
    reject = rng.choice(("break", "continue", "continue"))
    return f"on_reject: {reject}\ngrader_flags: {' '.join(flags)}\nrange: 0 10000\n"


def _test(files: Files, name: str, number: int, kind: str) -> None:
    if kind == "interactive":
        files[f"{name}.in"], files[f"{name}.ans"] = f"{number}\n", "\n"
    else:
        files[f"{name}.in"], files[f"{name}.ans"] = f"{number} 2\n", f"{number + 2}\n"


def _add_submissions(files: Files, rng: random.Random, kind: str) -> None:
    right = TALK if kind == "interactive" else ADD
    first, rest = right.split("\n", 1)
    files["submissions/accepted/right.py"] = right
    for index, fault in enumerate(("both", rng.choice(("raise_it", "rare")))):
        modulus = rng.choice((2, 3)) if fault != "rare" else 11
        wrong = f"if a % {modulus} == 0: a += 1\n"
        crash = f"if a % {modulus + 1} == 1: raise SystemExit(3)\n"
        middle = {"raise_it": crash, "both": crash + wrong, "rare": wrong}[fault]
        folder = ("wrong_answer", "run_time_error")[fault == "raise_it"]
        files[f"submissions/{folder}/s{index}.py"] = f"{first}\n{middle}{rest}"


def write_package(root: Path, files: Mapping[str, str | Path]) -> Path:
    """Writes the files below `root`."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Path):
            path.symlink_to(content)
        else:
            path.write_text(content)
    return root
