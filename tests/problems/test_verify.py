"""`solver problems`: rows, labels, exit codes, the JSON document; measured time limits."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from problems.errors import JudgeError, PackageError
from problems.judging.judge import Judge
from problems.package import load_package
from problems.submission import Submission
from problems.verdict import SubmissionResult
from problems.verifying.kept_reports import KeptReports
from problems.verifying.timelimits import LimitStore, Measurement, with_time_limit
from problems.verifying.verify import Verifier
from sandbox.backend import Sandbox
from sandbox.compiling.compile import Compiler
from solver.cli.app import cli
from tests.problems.conftest import Write
from tests.problems.small_packages import AOI, KATTIS, TPS_CMS

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "verify.schema.json"
CONTRACT = {
    "type": "object",
    "required": ["submissions", "agreement"],
    "properties": {
        "agreement": {"type": "number"},
        "submissions": {
            "type": "array",
            "items": {"required": ["package", "submission", "expected", "actual", "agrees"]},
        },
    },
}

Files = Mapping[str, str | bytes | Path]


def command(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["problems", *arguments])


def verified(folder: Path, store: Path) -> dict[str, dict[str, object]]:
    result = command("verify", str(folder), "--json", "--store", str(store))
    document = json.loads(result.stdout)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    jsonschema.validate(document, CONTRACT)
    holds = all(row["agrees"] for row in document["submissions"]) and not document["unreadable"]
    assert result.exit_code == (0 if holds else 1)
    rows = document["submissions"]
    assert document["agreement"] == (
        sum(row["agrees"] for row in rows) / len(rows) if rows else 1.0
    )
    found = {row["submission"]: row for row in rows}
    for entry in document["skipped"]:
        found[entry["submission"]] = {"skipped": entry["reason"]}
    for entry in document["unreadable"]:
        found[entry["package"]] = {"unreadable": entry["error"]}
    return found


def test_labels_that_hold(write: Write, tmp_path: Path) -> None:
    rows = verified(write(KATTIS), tmp_path / "store")
    assert {name: row["actual"] for name, row in rows.items()} == {
        "accepted/sum.py": "AC",
        "partially_accepted/small.py": "PARTIAL",
        "wrong_answer/zero.py": "WA",
    }
    assert rows["partially_accepted/small.py"]["points"] == 30.0
    assert rows["partially_accepted/small.py"]["expected"] == {"g1": "AC", "g2": "WA"}


def test_a_wrong_label_is_a_disagreement_and_a_strange_language_is_not(
    write: Write, tmp_path: Path
) -> None:
    files: Files = {
        **KATTIS,
        "submissions/accepted/wrong.py": "print(1)\n",
        "submissions/accepted/sum.hs": "main = interact id\n",
        "submissions/wrong_answer/crash.py": "raise SystemExit(1)\n",
        "submissions/accepted/broken.py": "print(\n",
        "submissions/readme.txt": "not a submission\n",
    }
    rows = verified(write(files), tmp_path / "store")
    assert rows["accepted/wrong.py"]["agrees"] is False
    assert rows["accepted/wrong.py"]["reason"] == "expected AC, got WA"
    assert rows["accepted/broken.py"]["actual"] == "CE"
    assert rows["wrong_answer/crash.py"]["actual"] == "RE"
    assert "haskell" in str(rows["accepted/sum.hs"]["skipped"])
    assert rows["accepted/sum.py"]["agrees"] is True


FORGOT = (
    "#include <iostream>\n#include <vector>\nusing namespace std;\nint word;\n"
    "int main() { vector<int> v(2); for (int& x : v) cin >> x;\n"
    "sort(v.begin(), v.end()); word = v[0] + v[1]; cout << word; }\n"
)


def test_a_jurys_program_compiles_as_it_did_with_older_compilers(
    write: Write, tmp_path: Path
) -> None:
    """A header that others once brought along. Where CE is due it stays."""
    files: Files = {
        **KATTIS,
        "submissions/accepted/forgot.cpp": FORGOT,
        "submissions/compile_error/forgot.cpp": FORGOT,
        "submissions/accepted/nonsense.cpp": "int main() { return }\n",
    }
    rows = verified(write(files), tmp_path / "store")
    assert rows["accepted/forgot.cpp"]["actual"] == "AC"
    assert rows["compile_error/forgot.cpp"]["actual"] == "CE"
    assert rows["accepted/nonsense.cpp"]["actual"] == "CE"


def test_where_there_is_no_terminal_every_submission_has_its_line(
    write: Write, tmp_path: Path
) -> None:
    long = f"wrong_answer/{'very_' * 20}long.py"
    folder = write({**KATTIS, f"submissions/{long}": "print(0)\n"})
    done = command("verify", str(folder), "--json", "--store", str(tmp_path / "store"))
    assert done.exit_code == 0
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"{number} of 4" for number in range(1, 5)]
    assert any(line.endswith(f"{long}: WA as labelled") for line in lines)


def test_a_jury_program_that_breaks_is_an_error_row(write: Write, tmp_path: Path) -> None:
    files: Files = {
        **KATTIS,
        "problem.yaml": "type: scoring\nvalidation: custom\nlimits:\n  time_limit: 2\n",
        "output_validators/check.py": "raise SystemExit(7)\n",
    }
    rows = verified(write(files), tmp_path / "store")
    row = rows["accepted/sum.py"]
    assert (row["actual"], row["agrees"], row["points"]) == ("ERROR", False, None)
    assert "exit code 7" in str(row["reason"])


@pytest.mark.parametrize("files", [TPS_CMS, AOI], ids=["tps", "aoi"])
def test_other_formats(write: Write, tmp_path: Path, files: Files) -> None:
    rows = verified(write(files), tmp_path / "store")
    assert len(rows) >= 2
    assert all(row["agrees"] for row in rows.values())


def test_a_package_that_cannot_be_read_does_not_stop_the_others(
    write: Write, tmp_path: Path
) -> None:
    folder = write({"problem.yaml": "name: x\n"})
    rows = verified(folder, tmp_path / "store")
    assert "no such folder" in str(rows["package"]["unreadable"])


def test_a_stopped_run_goes_on_where_it_was(
    write: Write, tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    first = write(KATTIS)
    second = shutil.copytree(first, tmp_path / "second", symlinks=True)
    keep = tmp_path / "kept.jsonl"

    def verify(*folders: Path) -> tuple[dict[str, object], list[str]]:
        judged: list[str] = []
        verifier = Verifier(
            sandbox,
            compiler,
            store=tmp_path / "store",
            keep=KeptReports(keep),
            on_row=lambda row: judged.append(row.submission.name),
        )
        return verifier.verify(folders).as_json(), judged

    alone, judged = verify(first)
    assert judged
    keep.write_text(keep.read_text() + '{"folder": "cut o')
    both, again = verify(first, second)
    assert sorted(again) == sorted(judged)  # the second package's alone
    assert both["submissions"] == [*alone["submissions"], *both["submissions"][len(judged) :]]  # type: ignore[index,misc]
    assert len(both["submissions"]) == 2 * len(judged)  # type: ignore[arg-type]
    assert verify(first, second) == (both, [])
    # A package that was changed since is verified again, the other one is not.
    (changed,) = list((second / "submissions").glob("accepted/*"))[:1]
    changed.write_text(changed.read_text() + "\n")
    assert sorted(verify(first, second)[1]) == sorted(judged)
    assert verify(first, second)[1] == []
    keep.write_text("[]\n" + keep.read_text())
    with pytest.raises(PackageError, match=r"kept\.jsonl:1: no line"):
        verify(first)


def test_a_package_that_was_stopped_half_way_keeps_what_was_judged(
    write: Write,
    tmp_path: Path,
    sandbox: Sandbox,
    compiler: Compiler,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C comes when the first submission is done; the accepted ones had measured the limit."""
    folder = write(KATTIS)
    keep = tmp_path / "kept.jsonl"
    judged: list[Submission] = []
    judge = Judge.judge

    def counted(self: Judge, submission: Submission, **more: Any) -> SubmissionResult:
        judged.append(submission)
        return judge(self, submission, **more)

    monkeypatch.setattr(Judge, "judge", counted)

    def verify(on_row: Callable[[object], None]) -> Any:
        kept = KeptReports(keep)
        verifier = Verifier(sandbox, compiler, store=tmp_path / "store", keep=kept, on_row=on_row)
        return verifier.verify([folder]).as_json()

    def stop(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(stop)
    kept = [json.loads(line) for line in keep.read_text().splitlines()]
    assert "accepted/sum.py" in {line["submission"] for line in kept}
    assert all("report" not in line for line in kept)
    assert len(judged) == len(kept)
    judged.clear()
    whole = verify(lambda _: None)
    assert len(judged) == 3 - len(kept)
    keep.unlink()
    unbroken = verify(lambda _: None)

    def said(document: Any) -> list[tuple[Any, ...]]:
        names = ("submission", "actual", "points", "agrees", "subtasks", "time_limit_s")
        return [tuple(row[name] for name in names) for row in document["submissions"]]

    assert said(whole) == said(unbroken)
    assert len(said(whole)) == 3


def test_show(write: Write) -> None:
    folder = write(KATTIS)
    shown = command("show", str(folder))
    assert shown.exit_code == 0
    assert "The Sum" in shown.stdout
    document = json.loads(command("show", str(folder), "--json").stdout)
    assert document["format"] == "kattis-legacy"
    assert [subtask["max_points"] for subtask in document["subtasks"]] == [30.0, 70.0]


def test_judge(write: Write, tmp_path: Path) -> None:
    folder = write(KATTIS)
    program = tmp_path / "mine.py"
    program.write_text("a, b = map(int, input().split())\nprint((a + b) % 100)\n")
    result = command("judge", str(folder), str(program), "--time-limit", "2", "--json")
    assert result.exit_code == 0
    (row,) = json.loads(result.stdout)["submissions"]
    assert (row["verdict"], row["points"]) == ("WA", 30.0)
    text = command("judge", str(folder), str(program), "--time-limit", "2")
    assert "30 of 100 points" in text.stdout


def test_judging_a_file_of_no_language_is_bad_input(write: Write, tmp_path: Path) -> None:
    strange = tmp_path / "mine.xyz"
    strange.write_text("?")
    result = command("judge", str(write(KATTIS)), str(strange), "--time-limit", "2")
    assert result.exit_code != 0
    assert "no language" in str(result.exception)


def test_limits_are_measured_once_and_scaled(
    write: Write, tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    package = load_package(write(KATTIS))
    store = tmp_path / "store"
    limited = with_time_limit(package, sandbox, compiler, store=store)
    assert limited.task.limits.time_s == 1.0
    assert limited.testset.jury_time_s == 1.0
    (file,) = store.iterdir()
    kept = Measurement.model_validate_json(file.read_text())
    assert kept.submission == "accepted/sum.py"
    assert kept.runs >= 2
    assert kept.spread_s >= 0.0
    slow = kept.model_copy(update={"slowest_s": 0.9})
    LimitStore(store).save(package, slow)
    again = with_time_limit(package, sandbox, compiler, store=store)
    assert again.task.limits.time_s is not None
    assert again.task.limits.time_s >= 2.0  # about 0.9 s x 3: taken from the store
    file.write_text("damaged")
    assert with_time_limit(package, sandbox, compiler, store=store).task.limits.time_s == 1.0


@pytest.mark.parametrize(
    ("slowest_s", "multiplier", "factor", "limit_s"),
    [(0.01, 5, 1, 1), (0.2, 5, 1, 1), (0.21, 5, 1, 2), (0.2, 5, 2, 2), (3.0, 1.5, 1, 5)],
)
def test_whole_seconds_scaled_by_the_machine(
    slowest_s: float, multiplier: float, factor: float, limit_s: float
) -> None:
    measured = Measurement(
        slowest_s=slowest_s,
        spread_s=0.0,
        runs=2,
        submission="a",
        yardstick_s=0.25,
        multiplier=multiplier,
    )
    assert measured.limit_s(0.25 * factor) == limit_s


def test_nothing_accepted_nothing_measured(
    write: Write, tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    files = {k: v for k, v in KATTIS.items() if not k.startswith("submissions/accepted")}
    package = load_package(write(files))
    with pytest.raises(JudgeError, match="no accepted submission"):
        with_time_limit(package, sandbox, compiler, store=tmp_path / "store")


def test_within_the_safety_margin_a_label_holds_with_extra_time(
    write: Write, tmp_path: Path, sandbox: Sandbox, compiler: Compiler
) -> None:
    """The label WA holds at 0.3 s x 4 only: the program needs longer than 0.3 s to be wrong."""
    slow = "import time\nwhile time.process_time() < 0.6: pass\nprint(0)\n"
    files: Files = {
        **{k: v for k, v in KATTIS.items() if not k.startswith("submissions")},
        "problem.yaml": "limits:\n  time_limit: 0.3\n  time_safety_margin: 4\n",
        "submissions/wrong_answer/slow.py": slow,
    }
    package = write(files)
    report = Verifier(sandbox, compiler, store=tmp_path / "store").verify([package])
    (row,) = report.rows
    assert row.agrees
    assert row.extra_time
