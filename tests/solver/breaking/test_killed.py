"""SIGKILL in the middle of an attack: what was answered is asked no more, and the end is the same.

Run as a script, this file attacks once in a run folder, logs every answer that it keeps, and ends
itself after so many.
"""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.breaking.config import BreakingConfig
from solver.kept.answers import KeptAnswers
from solver.observed import ObservingConfig, observe_all
from solver.observing.bench import Bench
from solver.observing.inputs import InputsConfig
from solver.observing.separating import SeparatingConfig

ROOT = Path(__file__).parents[3]
IDS = ("wrong without the last", "wrong neighbours", "right sort scanf", "right gaps getchar")
CONFIG = ObservingConfig(
    inputs=InputsConfig(count=8),
    separating=SeparatingConfig(count=0),
    # A budget that no clock decides about: both runs try the same inputs.
    breaking=BreakingConfig(small=24, ladder=0, share=1000.0, shrink_runs=40),
)


def attack(run: Path, compiler: Compiler) -> dict[str, Any]:
    """What an attack in this run folder comes to, without what depends on the clock."""
    spec = importlib.util.spec_from_file_location("evenpairs", ROOT / "benchmarks/evenpairs.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules["evenpairs"] = made
    spec.loader.exec_module(made)
    known = {one.id: one for one in made.candidates()}
    bench = Bench.of(made.TASK, compiler, run)
    broken = observe_all([known[name] for name in IDS], made.helpers(), bench, CONFIG).broken
    return {
        "accused": {name: dict(one.accused) for name, one in broken.evidence.items()},
        "breaks": {
            name: [[str(each.kind), each.input.id, each.shrunk] for each in one.breaks]
            for name, one in broken.evidence.items()
        },
        "tries": {name: one.tries for name, one in broken.evidence.items()},
        "kept": [one.id for one in broken.inputs],
    }


def live(run: Path, log: Path, saves: int) -> None:
    """One life: ends by SIGKILL after so many answers kept, or prints what it came to."""
    keep = KeptAnswers.save
    left = saves

    def save(self: KeptAnswers, answers: Mapping[str, bytes]) -> None:
        nonlocal left
        keep(self, answers)
        if not answers:
            return
        with log.open("a") as file:
            file.writelines(f"{question}\n" for question in answers)
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    KeptAnswers.save = save  # type: ignore[method-assign]
    with open_sandbox(slots=1) as sandbox:
        print(json.dumps(attack(run, Compiler(sandbox))))


def test_a_killed_attack_goes_on_where_it_was(compiler: Compiler, tmp_path: Path) -> None:
    run, log = tmp_path / "run", tmp_path / "log"
    run.mkdir()
    ends = []
    # Helpers' answers come first; the later lives end among the runs of programs.
    for saves in (6, 3, 4, 10_000):
        command = [sys.executable, __file__, str(run), str(log), str(saves)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        ends.append(subprocess.run(command, capture_output=True, env=environment))
    assert [one.returncode for one in ends[:-1]] == [-signal.SIGKILL] * 3
    assert ends[-1].returncode == 0, ends[-1].stderr.decode()
    asked = log.read_text().split()
    assert len(asked) == len(set(asked))
    (tmp_path / "undisturbed").mkdir()
    undisturbed = attack(tmp_path / "undisturbed", compiler)
    assert json.loads(ends[-1].stdout) == undisturbed
    assert any(undisturbed["breaks"].values())


if __name__ == "__main__":
    live(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
