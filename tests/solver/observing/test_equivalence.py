"""Many right answers: classes by the checker's word, in the real sandbox."""

import dataclasses

import numpy as np
from worlds import make_task

from problems.jury.checkers import KATTIS_VALIDATOR
from problems.task import Example, Program, Statement
from sandbox.data import digest_of
from solver.observing.behaviour import observe
from solver.observing.bench import Bench
from solver.observing.build import compile_all
from solver.observing.cluster import by_behaviour
from solver.observing.equivalence import accepts_by_vote, written_checkers
from solver.observing.examples import passes_examples
from solver.observing.helpers import HelperBench
from solver.sampling.config import SamplingConfig
from solver.sampling.plan import plan_helpers
from solver.sampling.prompts import Prompts
from solver.types import Candidate, GeneratedInput, HelperKind, HelperProgram, InputOrigin

CHECKER = """
import sys
n = int(open(sys.argv[1]).read())
best = max(map(int, open(sys.argv[2]).read().split()))
a, b = map(int, sys.stdin.read().split())
# Any two numbers with the right sum, the larger not above the answer's.
sys.exit(42 if a + b == n and max(a, b) <= best else 43)
"""
SOURCES = {
    "half": "n = int(input())\nprint(n // 2, n - n // 2)",
    "turned": "n = int(input())\nprint(n - n // 2, n // 2)",
    "lopsided": "n = int(input())\nprint(1, n - 1)",
    "wrong": "n = int(input())\nprint(n, n)",
}


def test_outputs_that_the_checker_accepts_are_one_class(sandbox, compiler, tmp_path):
    checker = Program(
        role=KATTIS_VALIDATOR, language="python3", sources={"check.py": CHECKER.encode()}
    )
    task = dataclasses.replace(
        make_task(1),
        checker=checker,
        examples=(Example(name="1", input=b"7\n", output=b"4 3\n"),),
    )
    inputs = [
        GeneratedInput(
            id=digest_of(content),
            content=content,
            subtasks=frozenset({"s0"}),
            origin=InputOrigin.GENERATOR,
        )
        for content in (b"7\n", b"9\n", b"11\n")
    ]
    candidates = [
        Candidate(id=name, task="t", subtask=None, language="python3", source=source)
        for name, source in SOURCES.items()
    ]
    bench = Bench.of(task, compiler, tmp_path)
    programs = compile_all(candidates, bench)
    for _ in range(2):  # the second time from the run folder
        seen = observe(programs, inputs, bench)
        assert (seen.digest[0] == seen.digest[1]).all()
        assert seen.expected[0] == seen.digest[0, 0] != seen.digest[2, 0]
        label = by_behaviour(seen, task).label[:, 0]
        assert label[0] == label[1] and len(np.unique(label)) == 3


GOOD = """
import sys
n, a, b = (list(map(int, open(name).read().split())) for name in sys.argv[1:4])
sums = len(a) == len(b) == 2 and sum(a) == sum(b) == n[0]
sys.exit(0 if sums and max(a) == max(b) and min(a + b) >= 0 else 1)
"""
KIND = "import sys\nsys.exit(0)\n"
STRICT = "import sys\nsys.exit(open(sys.argv[2]).read() != open(sys.argv[3]).read())\n"


def checker(name, source):
    return HelperProgram(id=name, kind=HelperKind.CHECKER, language="python3", source=source)


def fair_split(words):
    return dataclasses.replace(
        make_task(1),
        statement=Statement(text=f"Split n into two parts as fairly as you can. {words}"),
        examples=(Example(name="1", input=b"7\n", output=b"4 3\n"),),
    )


def test_the_models_checkers_vote_where_the_contest_shows_none(sandbox, compiler, tmp_path):
    task = fair_split("If there are several ways, print any of them.")
    helpers = [checker("good", GOOD), checker("kind", KIND)]
    checkers = written_checkers(task, helpers, compiler)
    inputs = [
        GeneratedInput(
            id=digest_of(content),
            content=content,
            subtasks=frozenset({"s0"}),
            origin=InputOrigin.GENERATOR,
        )
        for content in (b"7\n", b"9\n")
    ]
    candidates = [
        Candidate(id=name, task="t", subtask=None, language="python3", source=source)
        for name, source in SOURCES.items()
    ]
    bench = Bench.of(task, compiler, tmp_path)
    programs = compile_all(candidates, bench)
    seen = observe(programs, inputs, bench, checkers=checkers)
    label = by_behaviour(seen, task).label[:, 0]
    # The one that accepts everything has no vote: half and turned agree, the others do not.
    assert label[0] == label[1] and len(np.unique(label)) == 3
    assert seen.expected[0] == seen.digest[1, 0]


def test_checkers_are_asked_for_only_where_answers_may_differ(sandbox, compiler):
    helpers = [checker("good", GOOD)]
    unique, many = fair_split("Print both."), fair_split("Print any valid answer.")
    assert written_checkers(unique, helpers, compiler) is None
    assert written_checkers(many, [], compiler) is None
    assert written_checkers(many, helpers, compiler) is not None
    # Strict by bytes is a word too; the one without a vote leaves nothing.
    inputs = []
    assert accepts_by_vote(many, HelperBench([checker("k", KIND)], compiler), inputs) is None
    assert accepts_by_vote(many, HelperBench([checker("s", STRICT)], compiler), inputs)
    kinds = {one.kind for one in plan_helpers(many, SamplingConfig(), Prompts())}
    assert "checker" in kinds
    assert "checker" not in {one.kind for one in plan_helpers(unique, SamplingConfig(), Prompts())}


def inputs_of(*contents):
    return [
        GeneratedInput(
            id=digest_of(content),
            content=content,
            subtasks=frozenset({"s0"}),
            origin=InputOrigin.GENERATOR,
        )
        for content in contents
    ]


ROOTS = {
    "short": "x = int(input()) ** 0.5\nprint(int(x) if x == int(x) else round(x, 5))",
    "long": "print('%.12f' % int(input()) ** 0.5)",
    "science": "print('%e' % int(input()) ** 0.5)",
    "wrong": "print(int(int(input()) ** 0.5))",
}


def test_a_tolerance_of_the_task_is_kept_on_examples_and_in_clusters(sandbox, compiler, tmp_path):
    task = dataclasses.replace(
        make_task(1),
        comparison={"kind": "kattis", "flags": "float_tolerance 1e-4"},
        examples=(
            Example(name="1", input=b"4\n", output=b"2\n"),
            Example(name="2", input=b"2\n", output=b"1.4142135624\n"),
        ),
    )
    candidates = [
        Candidate(id=name, task="t", subtask=None, language="python3", source=source)
        for name, source in ROOTS.items()
    ]
    bench = Bench.of(task, compiler, tmp_path)
    programs = compile_all(candidates, bench)
    for _ in range(2):  # the second time from the run folder
        seen = observe(programs, inputs_of(b"4\n", b"2\n", b"90000000001\n"), bench)
        assert passes_examples(seen).tolist() == [True, True, True, False]
        label = by_behaviour(seen, task).label[:, 0]
        assert label[0] == label[1] == label[2] != label[3]


def test_yes_is_not_yes_where_the_comparison_minds_case(sandbox, compiler, tmp_path):
    candidates = [
        Candidate(id=word, task="t", subtask=None, language="python3", source=f"print({word!r})")
        for word in ("YES", "Yes")
    ]
    example = (Example(name="1", input=b"1\n", output=b"YES\n"),)
    found = {}
    for kind in ("kattis", "white-diff"):
        task = dataclasses.replace(make_task(1), comparison={"kind": kind}, examples=example)
        bench = Bench.of(task, compiler, tmp_path / kind)
        seen = observe(compile_all(candidates, bench), inputs_of(b"1\n"), bench)
        found[kind] = passes_examples(seen).tolist()
    assert found == {"kattis": [True, True], "white-diff": [True, False]}
