"""Model-written brute forces: how they are asked for, and which of them have a vote."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from sandbox.compiling.compile import Compiler
from solver.breaking.brutes import brutes_of
from solver.breaking.runs import Runs
from solver.kept.answers import KeptAnswers
from solver.observing.bench import Bench
from solver.sampling.config import SamplingConfig
from solver.sampling.plan import plan_helpers
from solver.sampling.prompts import BRUTE_TAGS, Prompts
from solver.types import HelperKind, HelperProgram

ROOT = Path(__file__).parents[3]

KNOWS = """n = int(input())
a = list(map(int, input().split()))
print(sum(abs(a[i] - a[j]) for i in range(n) for j in range(i)))
"""


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("evenpairs", ROOT / "benchmarks/evenpairs.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["evenpairs"] = module
    spec.loader.exec_module(module)
    return module


def brute(name: str, source: str) -> HelperProgram:
    return HelperProgram(id=name, kind=HelperKind.BRUTE, language="python3", source=source)


def test_only_brute_forces_that_know_the_examples_vote(
    made: ModuleType, compiler: Compiler, tmp_path: Path
) -> None:
    bench = Bench.of(made.TASK, compiler, tmp_path)
    given = [
        brute("misread", KNOWS.replace("range(i)", "range(n)")),
        brute("knows", KNOWS),
        brute("no program", "def ("),
        *made.helpers(),
    ]
    with KeptAnswers(tmp_path) as answers:
        found = brutes_of(given, bench, Runs(bench.runner, answers))
    assert list(found.names.values()) == ["knows"]
    assert all(number < 0 for number in found.programs)


def test_brute_forces_are_asked_for_each_in_another_way(made: ModuleType) -> None:
    plain = plan_helpers(made.TASK, SamplingConfig(), Prompts())
    asked = plan_helpers(made.TASK, SamplingConfig(brutes=3), Prompts())
    # Those that were asked for before are asked for in the same words: what was drawn stays.
    assert asked[: len(plain)] == plain
    more = asked[len(plain) :]
    assert [one.kind for one in more] == ["brute"] * 3
    texts = [one.request.messages[-1].content for one in more]
    assert all("brute force" in text and "4\n2 9 4 4" in text for text in texts)
    assert [tag for text, tag in zip(texts, BRUTE_TAGS, strict=True) if tag not in text] == []
    assert len(set(texts)) == 3
