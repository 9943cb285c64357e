"""testlib's own checkers (from rbx-cp's data files) agree with our comparison and conventions.

`scripts/peers.sh` installs them; without them these tests are skipped.
"""

import os
import random
from pathlib import Path

import pytest

from problems.jury.checkers import TESTLIB_CHECKER, Checker, JuryPrograms
from problems.jury.compare import KattisFlags, kattis_compare
from problems.jury.testlib import is_cms_testlib, with_testlib
from problems.task import Program
from problems.verdict import Verdict
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from sandbox.data import Blob

PEERS = Path(os.environ.get("SOLVER_PEERS", Path.home() / ".cache/solver/peers"))


def peer_file(name: str) -> bytes:
    found = sorted(PEERS.glob(f"lib/python3*/site-packages/rbx/resources/predownloaded/{name}"))
    if not found:
        pytest.skip(f"no {name} of rbx-cp below {PEERS}: run scripts/peers.sh")
    return found[0].read_bytes()


@pytest.fixture(scope="module")
def programs(sandbox: Sandbox, compiler: Compiler) -> JuryPrograms:
    return JuryPrograms(sandbox, compiler)


def peer_checker(name: str, programs: JuryPrograms) -> Checker:
    sources = {"check.cpp": peer_file(f"checkers/{name}.cpp")}
    sources = with_testlib(sources, {"files/testlib.h": peer_file("testlib.h")})
    assert not is_cms_testlib(sources)
    program = Program(role=TESTLIB_CHECKER, language="cpp17", sources=sources)
    return Checker(programs, program=program, comparison={})


def token_pairs(words: list[str], seed: int) -> list[tuple[str, str]]:
    rng = random.Random(seed)
    pairs = []
    for _ in range(30):
        answer = [rng.choice(words) for _ in range(rng.randrange(1, 6))]
        output = list(answer)
        change = rng.randrange(5)
        if change == 1:
            output[rng.randrange(len(output))] = rng.choice(words)
        elif change == 2:
            output.pop()
        elif change == 3:
            output.append(rng.choice(words))
        elif change == 4:
            output = [word.swapcase() for word in output]
        spaces = [" ", "\n", "  ", " \n"]
        pairs.append(
            (
                "".join(word + rng.choice(spaces) for word in output),
                "".join(word + rng.choice(spaces) for word in answer),
            )
        )
    return pairs


def blob(text: str) -> Blob:
    return Blob.of_bytes(text.encode())


@pytest.mark.slow
def test_wcmp_is_our_case_sensitive_comparison(programs: JuryPrograms) -> None:
    checker = peer_checker("wcmp", programs)
    seen = set()
    for output, answer in token_pairs(["yes", "YES", "7", "07", "a-b", "é"], seed=1):
        theirs = checker.check(blob(""), blob(output), blob(answer)).verdict
        flags = KattisFlags(case_sensitive=True)
        ours = kattis_compare(blob(output), blob(answer), flags) is None
        assert (theirs is Verdict.AC) == ours, (output, answer)
        seen.add(theirs)
    assert seen == {Verdict.AC, Verdict.WA}


@pytest.mark.slow
def test_ncmp_compares_numbers(programs: JuryPrograms) -> None:
    checker = peer_checker("ncmp", programs)
    seen = set()
    for output, answer in token_pairs(["1", "-5", "900000000000", "0", "12"], seed=2):
        theirs = checker.check(blob(""), blob(output), blob(answer)).verdict
        assert (theirs is Verdict.AC) == (output.split() == answer.split()), (output, answer)
        seen.add(theirs)
    assert seen == {Verdict.AC, Verdict.WA}
    # testlib reads numbers strictly: a sign of its own or a leading zero is a wrong format.
    assert checker.check(blob(""), blob("+1"), blob("1")).verdict is Verdict.WA
    assert checker.check(blob(""), blob("one"), blob("1")).verdict is Verdict.WA


@pytest.mark.slow
def test_yesno_ignores_case_and_refuses_other_words(programs: JuryPrograms) -> None:
    checker = peer_checker("yesno", programs)
    for output, answer, right in [
        *(("yes", "YES", True), ("No", "no", True), ("YES", "NO", False)),
        *(("maybe", "NO", False), ("", "YES", False), ("yes yes", "YES", False)),
    ]:
        verdict = checker.check(blob(""), blob(output), blob(answer)).verdict
        assert (verdict is Verdict.AC) == right, (output, answer)
