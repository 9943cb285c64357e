"""Labels and growth on a bundled task, in the real sandbox."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner

from problems.loading import load_task
from problems.submission import Submission
from problems.tasktypes.runner import Runner
from problems.verdict import Verdict
from sandbox.backend import Executable
from solver.errors import PoolError
from solver.grow import GrowConfig, Grower
from solver.grow.edit import Slip, apply_edits
from solver.grow.edits import edits_of
from solver.grow.parents import parent_of
from solver.grow.schema import MOST_SLIPS, VARIABLE, schema_of
from solver.grow.state import Stall
from solver.observing.behaviour_config import BehaviourConfig
from solver.observing.bench import Bench
from solver.observing.inputs import InputsConfig, generate
from solver.replays.truth import Labeller, read_truth
from solver.sampling.pools.pool import read_pool
from solver.submissions import text_digest
from solver.types import Candidate

BUNDLED = Path(__file__).parents[3] / "problems" / "bundled"
PACKAGE = BUNDLED / "contest" / "depots"
POOL = BUNDLED / "pools" / "depots.jsonl"

# Programs that end in time on every test: what is tested is the replay, not the waiting.
QUICK = ("002", "006", "008", "012", "013", "014")

CPP = b"""#include <bits/stdc++.h>
using namespace std;
const int N = 105;
long long best[N][N];
int main() {
    int n, m;
    cin >> n >> m;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            best[i][j] = max(i, j) + 1;
    long long total = 0;
    for (int i = 0; i < n; i++) {
        if (i % 3 == 2) continue;
        for (int j = 0; j < m; j++) total += best[i][j];
    }
    cout << total << "\\n";
}
"""
PYTHON = b"""
n = int(input())
a = list(map(int, input().split()))
best = 0
for i in range(1, n):
    if a[i] - a[i - 1] > best:
        best = a[i] - a[i - 1]
print(best)
"""


def test_slips_of_every_kind_are_found():
    kinds = {edit.slip for edit in edits_of(CPP, "cpp20")}
    assert kinds == set(Slip)
    assert {Slip.COMPARISON, Slip.MISSING_CASE} <= {e.slip for e in edits_of(PYTHON, "python3")}
    assert edits_of(b"class A {}", "java") == []


def test_strings_comments_and_includes_stay():
    source = b'#include <a1.h>\n// x < y + 1\nconst char *s = "a < 1";\nint f() { return 1; }\n'
    for edit in edits_of(source, "cpp20"):
        assert edit.start > source.index(b"int f")


def test_a_wrong_name_is_a_variable_of_the_same_type():
    swaps = {
        (CPP[edit.start : edit.end], edit.text)
        for edit in edits_of(CPP, "cpp20")
        if edit.slip is Slip.WRONG_NAME
    }
    assert (b"i", b"n") in swaps or (b"n", b"i") in swaps
    assert not any(b"total" in pair for pair in swaps), "the only long long has no neighbour"


def test_a_schema_behaves_as_its_mutants_compiled_alone(sandbox, compiler):
    def build(source):
        return compiler.compile({"main.cpp": source}, "cpp20")

    from sandbox.backend import Job
    from sandbox.limits import Limits

    schema = schema_of(CPP, "cpp20", build)
    assert schema is not None
    # Others may read out of bounds, and what they print there is anybody's guess.
    defined = {Slip.MISSING_CASE, Slip.MISSING_TERM, Slip.SMALL_LIMIT, Slip.OVERFLOW, Slip.OPERATOR}
    numbers = [number for number, edit in sorted(schema.edits.items()) if edit.slip in defined]
    outputs = set()
    for first in numbers[:: max(1, len(numbers) // 6)]:
        apart = [first]
        for other in numbers:
            taken = [schema.edits[one] for one in apart]
            edit = schema.edits[other]
            if all(edit.end <= one.start or one.end <= edit.start for one in taken):
                apart.append(other)
        chosen = apart[:MOST_SLIPS] if first % 2 else apart[:1]
        mutant = schema.with_slips(chosen)
        assert VARIABLE in mutant.env
        alone = build(apply_edits(CPP, [schema.edits[number] for number in chosen]))
        if not isinstance(alone, Executable):
            continue  # a slip that changes types compiles inside of a schema only
        limits = Limits(cpu_s=1.0)
        inside, outside = (
            sandbox.run(Job(program=program, limits=limits, stdin=b"7 9\n"))
            for program in (mutant, alone)
        )
        if inside.ok and outside.ok:
            assert inside.stdout.read() == outside.stdout.read()
            outputs.add(inside.stdout.read())
    assert len(outputs) > 1
    with pytest.raises(ValueError, match="slips at once"):
        schema.with_slips(range(1, MOST_SLIPS + 2))


def test_slips_are_screened_on_the_examples(sandbox, compiler):
    from sandbox.backend import Job
    from sandbox.limits import Limits

    task = load_task(BUNDLED / "contest" / "evens")
    runner = Runner(task, sandbox, compiler, time_s=1.0)
    source = (
        "#include <iostream>\nint main() { int n, x, k = 0; std::cin >> n;\n"
        "for (int i = 0; i < n; i++) { std::cin >> x; if (x % 2 == 0) k = k + 1; }\n"
        "std::cout << k; }\n"
    )
    only = Candidate(id="a", task="evens", subtask=None, language="cpp17", source=source)

    def screen(program: Executable) -> bool:
        for example in task.examples:
            job = Job(program=program, limits=Limits(cpu_s=1.0), stdin=example.input)
            if sandbox.run(job).stdout.read().split() != example.output.split():
                return False
        return True

    parent = parent_of(only, runner, screen, weight=1.0)
    told = {parent.edits[number].slip for number in parent.passing}
    assert Slip.SMALL_LIMIT in told, "a loop of at most 1000 rounds shows on large inputs only"
    assert parent.failing and not set(parent.failing) & set(parent.passing)
    rng = np.random.default_rng(3)
    drawn = [parent.draw(rng, "m", passing=True) for _ in range(8)]
    assert all(mutant is not None and set(mutant.chosen) <= set(parent.passing) for mutant in drawn)
    silent = parent.passing[0]
    parent.silence(silent)
    assert silent not in parent.passing
    for program in (only.source, drawn[0].candidate.source):
        assert program.count("main") == 1


def test_edits_apply_from_the_back():
    edits = edits_of(b"int f(int a) { return a + 1 < 3; }", "cpp20")
    apart = [edits[0], edits[-1]]
    assert apply_edits(b"int f(int a) { return a + 1 < 3; }", apart) != b""


@pytest.fixture(scope="module")
def labelled(sandbox, compiler, tmp_path_factory):
    cache = tmp_path_factory.mktemp("labels")
    pool = read_pool(POOL)
    few = pool.candidates[:8]
    labeller = Labeller(PACKAGE, sandbox, compiler, time_s=1.0, cache=cache)
    return pool, few, labeller, labeller.truth(few), cache


def test_labels_are_the_judges(labelled, sandbox, compiler):
    _, few, labeller, truth, _ = labelled
    assert truth.candidate_ids == tuple(one.id for one in few)
    row = int(np.argmax(truth.points.sum(axis=1)))
    source = few[row].source.encode()
    result = labeller.judge.judge(
        Submission(language=few[row].language, sources={"solution": source})
    )
    assert [part.points for part in result.subtasks] == truth.points[row].tolist()
    assert (truth.verdicts[row] is Verdict.AC) == bool(truth.right[row].all())


def test_nothing_is_run_twice(labelled, sandbox, compiler, monkeypatch):
    _, few, _, truth, cache = labelled
    again = Labeller(PACKAGE, sandbox, compiler, time_s=1.0, cache=cache)
    monkeypatch.setattr(Runner, "run", lambda *_, **__: pytest.fail("ran again"))
    assert again.truth(few).points.tolist() == truth.points.tolist()


def test_other_limits_are_other_labels(labelled, sandbox, compiler):
    _, _, labeller, _, cache = labelled
    other = Labeller(PACKAGE, sandbox, compiler, time_s=0.7, cache=cache)
    assert other._key != labeller._key


def test_a_truth_table_survives_its_file(labelled, tmp_path):
    pool, few, _, truth, _ = labelled
    truth.write(tmp_path / "t.parquet")
    back = read_truth(tmp_path / "t.parquet")
    assert back.points.tolist() == truth.points.tolist() and back.verdicts == truth.verdicts
    turned = back.of(list(reversed(few)))
    assert turned.source_digests == tuple(text_digest(one) for one in reversed(few))
    content = (tmp_path / "t.parquet").read_bytes()
    assert b"include" not in content and b"import" not in content
    unknown = [one for one in pool.candidates if text_digest(one) not in back.source_digests]
    with pytest.raises(PoolError, match="has no label"):
        back.of(unknown[:1])
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(PoolError, match="not a truth table"):
        read_truth(tmp_path / "bad.parquet")


def test_growth_that_gives_hardly_anything_new_is_noticed():
    stall = Stall(100, [(0, 5)])
    assert not stall.seen(48, 5)  # too early to tell
    assert not stall.seen(96, 9)
    assert not stall.seen(144, 10)  # 5 of 144
    assert not stall.seen(192, 10)  # 5 of the last 144
    assert stall.seen(240, 10)  # 1 of the last 144
    assert not stall.seen(288, 60)


@pytest.mark.timeout(900)
@pytest.mark.slow  # over a minute
def test_a_grown_pool_keeps_the_rules(labelled, sandbox, compiler, tmp_path):
    pool, few, labeller, _, _ = labelled
    task = labeller.task
    observing = BehaviourConfig(time_s=1.0, timeouts=1)
    bench = Bench.of(task, compiler, tmp_path, observing)
    inputs = generate(pool.helpers, bench, InputsConfig(count=10))
    grower = Grower(few, labeller, bench, inputs, observing)
    config = GrowConfig(size=40, right=0.05, attempts=3, parents=2)
    kept = grower.grow(config, np.random.default_rng(1))
    assert 6 <= len(kept) <= 40
    points = np.array([one.label.points for one in kept])
    right = points >= np.array([part.max_points for part in task.subtasks]) - 1e-9
    assert right.sum(axis=0).min() <= 2
    assert len({one.candidate.source for one in kept}) == len(kept)
    assert {one.candidate.model for one in kept} == {"grown"}
    behaviour = grower.behaviour_of(kept)
    known = behaviour.expected != 0
    if known.any():
        passed = (behaviour.digest[:, known] == behaviour.expected[known]).all(axis=1)
        assert passed.mean() >= 0.5
    # Labels of mutants run in a schema are those of their own sources.
    some = [one for one in kept if one.slips][:4]
    alone = labeller.label([one.candidate for one in some])
    for one in some:
        if alone[one.candidate.id][1].verdict is not Verdict.CE:
            assert alone[one.candidate.id][1].points == one.label.points


@pytest.mark.timeout(900)
def test_replay_from_the_command_line_fits_the_contract(tmp_path):
    from solver.cli.pool import pool as pool_command
    from solver.cli.replay import replay

    lines = POOL.read_text().splitlines()
    small = [line for line in lines if json.loads(line)["id"].partition("/")[2] in QUICK]
    small += [line for line in lines if '"kind": "candidate"' not in line]
    file = tmp_path / "small.jsonl"
    file.write_text("\n".join(small) + "\n")
    truth = tmp_path / "small.parquet"
    made = CliRunner().invoke(
        pool_command,
        ["label", str(file), "--task", str(PACKAGE), "--out", str(truth), "--json"],
    )
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["candidates"] == len(QUICK)
    options = ["--limit", "3", "--seeds", "2", "--inputs", "4", "--run", str(tmp_path / "run")]
    found = CliRunner().invoke(
        replay,
        [str(file), "--task", str(PACKAGE), "--truth", str(truth), "--json", *options],
    )
    assert found.exit_code == 0, found.output
    document = json.loads(found.stdout)
    schema = Path(__file__).parents[3] / "docs" / "schemas" / "replay.schema.json"
    jsonschema.validate(document, json.loads(schema.read_text()))
    wrong = CliRunner().invoke(replay, [str(file), str(file), "--task", str(PACKAGE)])
    assert wrong.exit_code == 2 and "one --task" in wrong.output
