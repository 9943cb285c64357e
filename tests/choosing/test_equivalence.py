"""Many right answers: classes by the checker's word, in the real sandbox."""

import dataclasses

import numpy as np
from worlds import make_task

from problems.checkers import KATTIS_VALIDATOR
from problems.runner import Runner
from problems.task import Example, Program
from sandbox.data import digest_of
from solver.behaviour import observe
from solver.build import compile_all
from solver.cluster import by_behaviour
from solver.types import Candidate, GeneratedInput, InputOrigin

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
    runner = Runner(task, sandbox, compiler, time_s=2.0)
    programs = compile_all(candidates, task, sandbox, compiler, runner=runner)
    for _ in range(2):  # the second time from the run folder
        seen = observe(programs, inputs, runner, task, tmp_path)
        assert (seen.digest[0] == seen.digest[1]).all()
        assert seen.expected[0] == seen.digest[0, 0] != seen.digest[2, 0]
        label = by_behaviour(seen, task).label[:, 0]
        assert label[0] == label[1] and len(np.unique(label)) == 3
