"""Test inputs and behaviour in the real sandbox, on a small task of one line."""

import dataclasses
import json
import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import pytest
from worlds import make_task

from problems.task import Example
from problems.tasktypes.runner import Runner
from problems.verdict import Verdict
from sandbox.compiling.compile import Compiler
from solver.observing.behaviour import observe, output_digest
from solver.observing.behaviour_config import BehaviourConfig
from solver.observing.bench import Bench
from solver.observing.build import compile_all
from solver.observing.cluster import by_behaviour
from solver.observing.helpers import HelperBench
from solver.observing.inputs import InputsConfig, generate, live_validators
from solver.observing.mutation import corrupt_inputs, mutate_input
from solver.observing.separating import Seen, SeparatingConfig, refine
from solver.types import Candidate, HelperKind, HelperProgram, InputOrigin, RunStatus


def task_of():
    """Read n and n numbers, print their sum; subtask s0 has n up to 3."""
    return dataclasses.replace(
        make_task(2),
        examples=(Example(name="1", input=b"2\n3 4\n", output=b"7\n"),),
    )


GENERATOR = """
import random, sys
seed, sub = int(sys.argv[1]), sys.argv[2]
R = random.Random(seed)
n = R.randint(1, 3) if sub == "s0" else R.choice([1, 2, 5, 30, 400])
print(n)
print(*[R.randint(1, 9) for _ in range(n)])
"""
VALIDATOR = """
import sys
lines = sys.stdin.read().split("\\n")
try:
    n = int(lines[0])
    values = list(map(int, lines[1].split()))
except (ValueError, IndexError):
    sys.exit(1)
top = 3 if sys.argv[1] == "s0" else 1000
ok = len(values) == n and 1 <= n <= top and all(0 < v < 10 for v in values)
sys.exit(0 if ok and not any(line.strip() for line in lines[2:]) else 1)
"""
ACCEPTS_ALL = "pass"
REJECTS_ALL = "import sys\nsys.exit(1)"


def helper(kind, name, source):
    return HelperProgram(id=name, kind=kind, language="python3", source=source)


def helpers(*validators, generator=GENERATOR):
    made = [helper(HelperKind.GENERATOR, "g1", generator)] if generator else []
    made += [helper(HelperKind.VALIDATOR, f"v{k}", source) for k, source in enumerate(validators)]
    return made


def bench_of(task, compiler, run, time_s):
    """A bench whose observed runs have that time limit."""
    return Bench.of(task, compiler, run, BehaviourConfig(time_s=time_s))


def test_the_minutes_say_who_refused_what(sandbox, compiler, tmp_path: Path):
    """What no validator takes is written down with who refused it."""
    wrong = GENERATOR.replace("randint(1, 9)", "randint(8, 12)")
    given = helpers(VALIDATOR, ACCEPTS_ALL, generator=wrong)
    kept = generate(given, Bench.of(task_of(), compiler, tmp_path), InputsConfig(count=16))
    [file] = tmp_path.glob("votes-*.json")
    votes = json.loads(file.read_text())
    assert votes["validators"] == {"v0": True, "v1": False}  # the second tells nothing apart
    assert votes["kept"] == len(kept) - 1  # the example is none of them
    assert votes["refused_count"] + votes["kept"] <= votes["made"]
    assert votes["refused"] and all(one["by"] == ["v0"] for one in votes["refused"])
    assert any("10" in one["head"] or "12" in one["head"] for one in votes["refused"])


def make(sandbox, compiler, given, **config):
    with tempfile.TemporaryDirectory() as run:
        bench = Bench.of(task_of(), compiler, Path(run))
        return generate(given, bench, InputsConfig(**{"count": 16, **config}))


def test_generated_inputs_are_sorted_into_subtasks_by_the_validators(sandbox, compiler):
    made = make(sandbox, compiler, helpers(VALIDATOR, VALIDATOR, VALIDATOR))
    assert made[0].content == b"2\n3 4\n" and made[0].origin is InputOrigin.EXAMPLE
    assert len(made) == len({one.id for one in made}) == 16
    for one in made:
        n = int(one.content.split()[0])
        # Whatever is valid for s0 is valid for s1, which includes it.
        assert one.subtasks == ({"s0", "s1"} if n <= 3 else {"s1"})
    sizes = [len(one.content) for one in made]
    assert min(sizes) < 10 and max(sizes) > 500


LIFE, BLOCK = 4, 3
"""Runs in the sandbox of a life, and of one block of answers: many answers come of one run."""


class Killed(BaseException):
    """The process ends here."""


class DyingSandbox:
    """The real sandbox, which ends after a number of runs; it counts them."""

    def __init__(self, sandbox, runs):
        self._sandbox = sandbox
        self.left = runs

    def __getattr__(self, name):
        return getattr(self._sandbox, name)

    def run_many(self, jobs, **options):
        for result in self._sandbox.run_many(jobs, **options):
            if not self.left:
                raise Killed
            self.left -= 1
            yield result


def test_a_killed_stage_asks_no_helper_twice(sandbox, compiler, tmp_path):
    given, task = helpers(VALIDATOR, VALIDATOR), task_of()

    def made(limited, run):
        config = InputsConfig(count=32)
        return generate(given, Bench.of(task, Compiler(limited), run), config)

    whole = DyingSandbox(sandbox, 10_000)
    wanted = made(whole, tmp_path / "whole")
    needed = 10_000 - whole.left
    lives, asked = 0, 0
    while True:
        one = DyingSandbox(sandbox, LIFE)  # a little over a block of answers
        try:
            found = made(one, tmp_path / "killed")
        except Killed:
            lives, asked = lives + 1, asked + LIFE
            continue
        asked += LIFE - one.left
        break
    assert [one.id for one in found] == [one.id for one in wanted]
    assert lives >= 3
    # What is lost with each life is less than a block.
    assert needed <= asked <= needed + lives * BLOCK


def test_useless_validators_have_no_vote(sandbox, compiler):
    given = helpers(VALIDATOR, ACCEPTS_ALL, REJECTS_ALL)
    bench = HelperBench(given, compiler)
    live = live_validators(task_of(), bench, [b"2\n3 4\n"], [b"1\n5\n"])
    assert [one.id for one in live] == ["v0"]
    made = make(sandbox, compiler, given)
    assert len(made) == 16 and {one.accepted_share for one in made[1:]} == {1.0}


def test_a_validator_that_rejects_an_example_has_no_vote(sandbox, compiler):
    # It accepts some generated inputs and rejects corrupted ones, but the example is valid.
    blind = VALIDATOR.replace("0 < v < 10", "3 < v < 10")
    bench = HelperBench(helpers(VALIDATOR, blind), compiler)
    examples, drawn = [b"2\n3 4\n"], [b"1\n5\n"]
    assert [one.id for one in live_validators(task_of(), bench, examples, drawn)] == ["v0"]
    assert len(live_validators(task_of(), bench, [b"2\n6 4\n"], drawn)) == 2


def test_too_few_votes_drop_an_input(sandbox, compiler):
    strict = VALIDATOR.replace("0 < v < 10", "0 < v < 5")
    generous = make(sandbox, compiler, helpers(VALIDATOR, strict), accept=0.5)
    fussy = make(sandbox, compiler, helpers(VALIDATOR, strict), accept=0.75)
    assert any(b"9" in one.content.split(b"\n")[1] for one in generous[1:])
    assert len(fussy) > 1
    for one in fussy[1:]:
        assert max(map(int, one.content.split(b"\n")[1].split())) < 5


def test_without_generators_examples_are_mutated_and_marked(sandbox, compiler):
    made = make(sandbox, compiler, helpers(VALIDATOR, generator=None))
    assert len(made) > 4
    assert {one.origin for one in made[1:]} == {InputOrigin.MUTATION}
    broken = make(sandbox, compiler, helpers(VALIDATOR, generator="import sys\nsys.exit(3)"))
    assert {one.origin for one in broken[1:]} == {InputOrigin.MUTATION}


def test_equal_seeds_give_equal_inputs(sandbox, compiler):
    given = helpers(VALIDATOR)
    first, second = make(sandbox, compiler, given), make(sandbox, compiler, given)
    assert [one.id for one in first] == [one.id for one in second]


def test_mutation_keeps_the_kinds_of_tokens():
    rng = np.random.default_rng(0)
    base = b"3 abc 1.50\n1 2 3\n"
    for _ in range(50):
        one = mutate_input(base, rng)
        assert one.count(b"\n") == 2
        first = one.split()
        assert first[0].lstrip(b"-").isdigit() and first[1].isalpha()
        assert len(first[2].split(b".")[1]) == 2
    assert mutate_input(b"", rng) == b""
    assert b"" in corrupt_inputs(base) and base not in corrupt_inputs(base)


SUM = "n = int(input())\nprint(sum(map(int, input().split())))"
CANDIDATES = {
    "right": SUM,
    "spaced": SUM.replace("print(", "print(' ', "),
    "wrong": SUM.replace("sum(", "max("),
    "crash": "raise SystemExit(1)",
    "slow": SUM.replace("print", "if n > 20:\n    while True: pass\nprint"),
    "twin": SUM,
}


def candidates():
    made = [
        Candidate(id=name, task="t", subtask=None, language="python3", source=source)
        for name, source in CANDIDATES.items()
    ]
    broken = Candidate(id="ce", task="t", subtask=None, language="cpp20", source="int main( {")
    return [*made, broken]


@pytest.fixture(scope="module")
def seen(sandbox, compiler, tmp_path_factory):
    task = task_of()
    bench = bench_of(task, compiler, tmp_path_factory.mktemp("run"), 0.5)
    inputs = make(sandbox, compiler, helpers(VALIDATOR), count=14)
    programs = compile_all(candidates(), bench)
    behaviour = observe(programs, inputs, bench, BehaviourConfig(timeouts=1))
    return bench, inputs, programs, behaviour


def test_compile_errors_are_values_and_equal_programs_stand_once(seen):
    _, _, programs, _ = seen
    assert programs.digests[-1] is None and "ce" in programs.errors
    assert programs.digests[0] == programs.digests[5]
    assert len(programs.executables) == 5


def test_what_was_observed_is_what_the_programs_do(seen):
    bench, inputs, _, behaviour = seen
    status = {name: behaviour.status[row] for row, name in enumerate(behaviour.candidate_ids)}
    digest = {name: behaviour.digest[row] for row, name in enumerate(behaviour.candidate_ids)}
    assert (status["right"] == RunStatus.OK).all()
    assert (digest["right"] == digest["spaced"]).all()
    assert behaviour.expected[0] == digest["right"][0] != digest["wrong"][0]
    assert set(status["crash"]) <= {RunStatus.CRASH, RunStatus.NOT_RUN}
    assert RunStatus.TIMEOUT in status["slow"]
    assert (status["ce"] == RunStatus.NOT_RUN).all()
    clusters = by_behaviour(behaviour, bench.task)
    row = {name: index for index, name in enumerate(behaviour.candidate_ids)}
    assert clusters.label[row["right"], 1] == clusters.label[row["spaced"], 1] == 0
    assert clusters.near[row["slow"], 1] == 0 != clusters.label[row["slow"], 1]
    assert clusters.label[row["ce"], 1] == -1
    assert len(inputs) == behaviour.status.shape[1]


def test_a_second_look_runs_nothing(seen, monkeypatch):
    bench, inputs, programs, behaviour = seen

    def refuse(*_, **__):
        raise AssertionError("ran again")

    monkeypatch.setattr(Runner, "run", refuse)
    again = observe(programs, inputs, bench, BehaviourConfig(timeouts=1))
    assert (again.digest == behaviour.digest).all() and (again.status == behaviour.status).all()


def test_runs_that_were_made_already_are_taken_as_they_are(seen, monkeypatch, tmp_path):
    bench, inputs, programs, behaviour = seen
    known = {
        (digest, one.id): (
            RunStatus(behaviour.status[row, j]),
            int(behaviour.digest[row, j]),
            float(behaviour.cpu_s[row, j]),
        )
        for row, digest in enumerate(programs.digests)
        for j, one in enumerate(inputs)
        if digest is not None
    }
    monkeypatch.setattr(Runner, "run", lambda *_, **__: pytest.fail("ran again"))
    fresh = dataclasses.replace(bench, run=tmp_path)
    again = observe(programs, inputs, fresh, BehaviourConfig(timeouts=1), known=known)
    assert (again.digest == behaviour.digest).all() and (again.status == behaviour.status).all()
    assert (again.cpu_s == behaviour.cpu_s).all()


def with_less_memory(task):
    return dataclasses.replace(
        task, limits=dataclasses.replace(task.limits, memory_bytes=64 * 1024 * 1024)
    )


def with_another_example(task):
    return dataclasses.replace(task, examples=(Example(name="1", input=b"1\n3\n", output=b"4\n"),))


@pytest.mark.parametrize("changed", [with_less_memory, with_another_example])
def test_what_was_observed_of_another_task_is_not_found(sandbox, compiler, tmp_path, changed):
    """The same programs on the same inputs: yet one runs out of memory, or fails an example."""
    task = task_of()
    hungry = SUM + "\nif n > 3:\n    x = bytearray(150 << 20)"
    made = [Candidate(id="h", task="t", subtask=None, language="python3", source=hungry)]
    inputs = make(sandbox, compiler, helpers(VALIDATOR), count=6)
    other = changed(task)
    before = bench_of(task, compiler, tmp_path, 1.0)
    programs = compile_all(made, before)
    observe(programs, inputs, before)
    after = bench_of(other, compiler, tmp_path, 1.0)
    found = observe(programs, inputs, after)
    fresh = observe(programs, inputs, dataclasses.replace(after, run=tmp_path / "fresh"))
    assert (found.status == fresh.status).all() and (found.expected == fresh.expected).all()
    rows = sqlite3.connect(tmp_path / "observations.sqlite")
    assert rows.execute("SELECT count(*) FROM seen").fetchone() == (2,)
    rows.close()
    if changed is with_less_memory:
        assert RunStatus.OK in found.status
        assert {RunStatus.MEMORY, RunStatus.CRASH} & set(found.status.flat)


def test_digests_compare_tokens():
    assert output_digest(b"1  2\n") == output_digest(b"1 2") != output_digest(b"12")
    assert output_digest(b"YES") == output_digest(b"yes\n")
    assert output_digest(b"0.33333333") == output_digest(b"0.33333334")
    assert output_digest(b"0.333") != output_digest(b"0.334")
    assert output_digest(b"") != 0


def test_programs_that_agreed_are_separated_by_a_fresh_input(sandbox, compiler, tmp_path):
    bench = bench_of(task_of(), compiler, tmp_path, 0.5)
    sneaky = SUM.replace("print(sum", "print(-1 if n == 30 else sum")
    made = [
        Candidate(id=str(k), task="t", subtask=None, language="python3", source=source)
        for k, source in enumerate([SUM, sneaky, SUM + "\n# same"])
    ]
    given = helpers(VALIDATOR)
    programs = compile_all(made, bench)
    inputs = [one for one in make(sandbox, compiler, given) if len(one.content) < 10]
    first = observe(programs, inputs, bench)
    assert len({row.tobytes() for row in first.digest}) == 1
    config = SeparatingConfig(count=4, tries=40)
    so_far = Seen(helpers=given, programs=programs, inputs=inputs, behaviour=first)
    found = refine(so_far, bench, config).behaviour
    more = found.status.shape[1] - first.status.shape[1]
    assert 1 <= more <= 4
    assert (found.digest[0] == found.digest[2]).all()
    assert (found.digest[0] != found.digest[1]).any()
    again = refine(so_far, bench, config).behaviour
    assert again.input_ids == found.input_ids and (again.digest == found.digest).all()
    assert refine(so_far, bench, SeparatingConfig(count=0)) is so_far


def searched(sandbox, compiler, run, monkeypatch, middle, time_s, patience):
    """Every run of a search among programs that agree on small inputs."""
    bench = bench_of(task_of(), compiler, run, time_s)
    made = [
        Candidate(id=str(k), task="t", subtask=None, language="python3", source=source)
        for k, source in enumerate([SUM, middle, SUM + "\n# same"])
    ]
    given = helpers(VALIDATOR)
    programs = compile_all(made, bench)
    inputs = [one for one in make(sandbox, compiler, given) if int(one.content.split()[0]) <= 3]
    first = observe(programs, inputs, bench)
    assert len({row.tobytes() for row in first.digest}) == 1
    ended = []
    run_many = Runner.run_many

    def counted(self, pairs):
        for execution in run_many(self, pairs):
            ended.append(execution)
            yield execution

    monkeypatch.setattr(Runner, "run_many", counted)
    config = SeparatingConfig(count=4, tries=30, patience=patience)
    refine(Seen(helpers=given, programs=programs, inputs=inputs, behaviour=first), bench, config)
    return ended


def test_the_search_gives_up_a_program_that_runs_out_of_time(
    sandbox, compiler, tmp_path, monkeypatch
):
    endless = SUM.replace("print(sum", "while n > 3: pass\nprint(sum")
    ended = searched(sandbox, compiler, tmp_path, monkeypatch, endless, 0.3, 0.25)
    assert [one.failure for one in ended].count(Verdict.TLE) == 1


@pytest.mark.parametrize(("patience", "least", "most"), [(0.25, 1, 1), (1.0, 3, 30)])
def test_the_search_gives_up_a_program_that_takes_long_on_an_input(
    sandbox, compiler, tmp_path, monkeypatch, patience, least, most
):
    # Right and in time everywhere, but half of the limit on every input but the smallest.
    slow = SUM.replace(
        "print(sum", "import time\nwhile n > 3 and time.process_time() < 0.3: pass\nprint(sum"
    )
    ended = searched(sandbox, compiler, tmp_path, monkeypatch, slow, 0.6, patience)
    assert least <= sum(one.cpu_s > 0.25 for one in ended) <= most
