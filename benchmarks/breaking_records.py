"""Do accusations help or harm the choice? On records alone, without running a program; prints JSON.

    python benchmarks/breaking_records.py docs/data/choosing/*.npz [--more RECORDS...] [--seeds 20]

What the candidates of a record did on its generated and separating inputs is weighed as breaking
weighs what it sees before an attack: claims by votes of families, crashes, accusations, and what
follows for programs that do the same. Records hold no texts: programs whose lengths are near each
other are one family (a mutant is as long as its parent). Tasks that print real numbers are left
out, as breaking leaves out what it knows by digest alone there (`--without`).
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from breaking_report import calibration, choice, rates
from choosing_ablation import half, interval, rare
from numpy.typing import NDArray

from solver.breaking.accuse import BROKEN, time_chance
from solver.breaking.attack import Column
from solver.breaking.claims import weigh
from solver.breaking.config import BreakingConfig
from solver.breaking.evidence import Trial, accused_matrix, ballots_of, evidence_of
from solver.breaking.spreading import spread
from solver.breaking.stage import outcomes_known, to_attack
from solver.breaking.types import Broken
from solver.observing.build import Programs
from solver.observing.examples import passes_examples
from solver.observing.separating import Seen
from solver.replays.evaluation import evaluate
from solver.replays.play import random_curve, replay_all
from solver.replays.record import Record, read_record
from solver.replays.world import World
from solver.scorer.training import TrainConfig
from solver.types import GeneratedInput, InputOrigin

NEAR = 8
"""Letters that a program's length may differ from the next one of its family."""


def families(record: Record) -> list[int]:
    """A number each: programs of one language whose lengths follow each other closely."""
    keys = [(one.language, len(one.source)) for one in record.candidates]
    number, found = 0, dict[int, int]()
    order = sorted(range(len(keys)), key=lambda k: keys[k])
    for before, k in zip([order[0], *order], order, strict=False):
        apart = keys[before][0] != keys[k][0] or keys[k][1] - keys[before][1] > NEAR
        number += apart
        found[k] = number
    return [found[k] for k in range(len(keys))]


def accused_of(record: Record, *, alone: bool) -> NDArray[np.float64]:
    """(P, S) chance to be wrong, by the record's own inputs.

    Args:
        alone: Every program is a family of its own, as in pools that were drawn and not grown.
    """
    behaviour = record.behaviour
    subtasks = behaviour.subtasks
    inputs = [
        GeneratedInput(
            id=name,
            content=b"",
            subtasks=frozenset(
                s for s, inside in zip(subtasks, behaviour.in_subtask[j], strict=True) if inside
            ),
            origin=InputOrigin.GENERATOR,
        )
        for j, name in enumerate(behaviour.input_ids)
    ]
    digests = tuple(one or None for one in record.truth.program_digests)
    programs = Programs(
        candidate_ids=behaviour.candidate_ids, digests=digests, executables={}, errors={}
    )
    seen = Seen(helpers=(), programs=programs, inputs=inputs, behaviour=behaviour)
    rows = to_attack(seen, BreakingConfig().programs)
    own = [j for j in range(len(inputs)) if not behaviour.expected[j] and inputs[j].subtasks]
    columns = [Column(input=inputs[j], outcomes=outcomes_known(behaviour, j, rows)) for j in own]
    kin = families(record)
    family = {row: row if alone else kin[row] for row in rows}
    ballots = ballots_of(columns, [None] * len(columns))
    trial = Trial(
        task=record.task,
        columns=columns,
        ballots=ballots,
        verdicts=weigh(ballots, family),
        family=family,
        brutes=frozenset(),
        names={row: behaviour.candidate_ids[row] for row in rows},
        confirmed=frozenset(),
        cleared=frozenset(),
        by_checker=False,
    )
    evidence = {trial.names[row]: one for row, one in evidence_of(trial, subtasks).items()}
    kept = replace(
        behaviour,
        input_ids=tuple(behaviour.input_ids[j] for j in own),
        status=behaviour.status[:, own],
        digest=behaviour.digest[:, own],
        cpu_s=behaviour.cpu_s[:, own],
        in_subtask=behaviour.in_subtask[own],
        expected=behaviour.expected[own],
    )
    broken = spread(
        Broken(evidence=evidence, inputs=[inputs[j] for j in own]), kept, time_chance(record.task)
    )
    return accused_matrix(broken.evidence, behaviour.candidate_ids, subtasks)


def counts_of(record: Record, accused: NDArray[np.float64]) -> Counter[str]:
    passes, right = passes_examples(record.behaviour), record.truth.right
    convicted, full = accused >= BROKEN, record.truth.right.all(axis=1)
    return Counter(
        {
            "wrong": int((passes & ~full).sum()),
            "broken": int((passes & ~full & (convicted & ~right).any(axis=1)).sum()),
            "right": int((passes & full).sum()),
            "accused": int((passes & full & convicted.any(axis=1)).sum()),
        }
    )


def halves_of(worlds: Mapping[str, Mapping[str, World]], halves: int) -> dict[str, Any]:
    """Halves of pools with one right program: ours and round robin, with and without accusations,
    as shares of the half's oracle over 1 to 10 submissions; all tasks, and the hard ones, on which
    random draws reach less than 0.8 of the oracle at 50."""
    rng = np.random.default_rng(0)
    area: dict[str, dict[str, list[float]]] = {}
    hard = []
    for name, pair in worlds.items():
        whole = pair["off"].truth
        if random_curve(whole.points, 50)[-1] < 0.8 * whole.oracle:
            hard.append(name)
        for arm in ("off", "on"):
            for number in range(halves):
                draw = np.random.default_rng(number)
                part = rare(half(pair[arm], draw), 1, draw)
                if not part.truth.oracle:
                    continue
                played = replay_all({name: part}, ("round_robin", "expected_gain"), 1)[name]
                for strategy, curves in played.items():
                    mine = area.setdefault(f"{strategy} {arm}", {}).setdefault(name, [])
                    mine.append(float(curves.points[:, :10].mean() / part.truth.oracle))
    means = {
        key: {name: float(np.mean(each)) for name, each in told.items()}
        for key, told in area.items()
    }
    document: dict[str, Any] = {"hard": hard}
    for kind, names in (("all", list(means["round_robin on"])), ("hard", hard)):
        names = [name for name in names if name in means["round_robin on"]]
        found = {
            key: np.array([told[name] for name in names])[:, None, None]
            for key, told in means.items()
        }
        document[kind] = {
            "tasks": len(names),
            "mean": {key: round(float(each.mean()), 3) for key, each in found.items()},
            "ours over round robin, with": interval(
                found["expected_gain on"], found["round_robin on"], rng
            ),
            "ours over round robin, without": interval(
                found["expected_gain off"], found["round_robin off"], rng
            ),
            "ours, with over without": interval(
                found["expected_gain on"], found["expected_gain off"], rng
            ),
        }
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--more", nargs="*", default=[], type=Path)
    parser.add_argument(
        "--without", nargs="*", default=["dronare", "assassins", "assassins-24", "tidsfordriv"]
    )
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--halves", type=int, default=8)
    args = parser.parse_args()
    records = {file.stem: read_record(file) for file in [*args.records, *args.more]}
    played = {name: one for name, one in records.items() if name not in args.without}
    found = evaluate(records, TrainConfig())
    worlds: dict[str, dict[str, World]] = {}
    counts: dict[str, Counter[str]] = {}
    for name, record in played.items():
        accused = accused_of(record, alone=name.endswith("-24"))
        counts[name] = counts_of(record, accused)
        off = record.world(found.probability[name])
        worlds[name] = {"off": off, "on": replace(off, view=replace(off.view, accused=accused))}
    document: dict[str, Any] = {
        "accusations": rates(counts),
        "by pool": {name: dict(one) for name, one in counts.items()},
        "calibration": calibration(worlds),
        "choice": choice(worlds, args.seeds),
        "halves with one right program": halves_of(worlds, args.halves),
    }
    print(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()
