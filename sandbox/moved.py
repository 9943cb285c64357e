"""Modules under the names that they had before the rooms: scripts that import them go on working.

Python asks here last, only for a module that it finds nowhere else, so that nobody else pays.
(`solver.replay`, `problems.load`, `sandbox.engine` and `problems.statement` are other things now:
`solver.replays.play`, `problems.loading`, `sandbox.engine.engine`, `problems.statement.convert`.)
"""

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

MOVED = {
    "problems.sources": "problems.jury.sources",
    "problems.checkers": "problems.jury.checkers",
    "problems.compare": "problems.jury.compare",
    "problems.execution": "problems.tasktypes.execution",
    "problems.feedback": "problems.jury.feedback",
    "problems.judge": "problems.judging.judge",
    "problems.kattis_grading": "problems.judging.kattis_grading",
    "problems.kept_reports": "problems.verifying.kept_reports",
    "problems.labels": "problems.verifying.labels",
    "problems.printing": "problems.verifying.printing",
    "problems.results": "problems.judging.results",
    "problems.runner": "problems.tasktypes.runner",
    "problems.statement_html": "problems.statement.html",
    "problems.statement_macros": "problems.statement.macros",
    "problems.statement_subtasks": "problems.statement.subtasks",
    "problems.statement_table": "problems.statement.table",
    "problems.statement_tex": "problems.statement.tex",
    "problems.testlib": "problems.jury.testlib",
    "problems.timelimits": "problems.verifying.timelimits",
    "problems.validators": "problems.jury.validators",
    "problems.verdict_key": "problems.judging.verdict_key",
    "problems.verify": "problems.verifying.verify",
    "sandbox.bell": "sandbox.engine.bell",
    "sandbox.bubblewrap": "sandbox.backends.bubblewrap",
    "sandbox.cache": "sandbox.compiling.cache",
    "sandbox.cgroups": "sandbox.host.cgroups",
    "sandbox.compile": "sandbox.compiling.compile",
    "sandbox.containers": "sandbox.backends.containers",
    "sandbox.content": "sandbox.engine.content",
    "sandbox.descriptors": "sandbox.host.descriptors",
    "sandbox.docker_client": "sandbox.host.docker_client",
    "sandbox.engine_sandbox": "sandbox.engine.sandbox",
    "sandbox.headers": "sandbox.compiling.headers",
    "sandbox.helper_build": "sandbox.host.helper_build",
    "sandbox.jobs": "sandbox.engine.jobs",
    "sandbox.joint": "sandbox.engine.joint",
    "sandbox.languages": "sandbox.compiling.languages",
    "sandbox.namespaces": "sandbox.backends.namespaces",
    "sandbox.packer": "sandbox.engine.packer",
    "sandbox.rootfs": "sandbox.host.rootfs",
    "sandbox.slots": "sandbox.engine.slots",
    "sandbox.uids": "sandbox.host.uids",
    "sandbox.wire": "sandbox.engine.wire",
    "sandbox.worker": "sandbox.engine.worker",
    "solver.assess": "solver.replays.assess",
    "solver.behaviour": "solver.observing.behaviour",
    "solver.blobs": "solver.kept.blobs",
    "solver.build": "solver.observing.build",
    "solver.cluster": "solver.observing.cluster",
    "solver.contest": "solver.contests",
    "solver.contest.audit": "solver.contests.logs.audit",
    "solver.contest.clock": "solver.contests.clock",
    "solver.contest.command": "solver.contests.command",
    "solver.contest.fetch": "solver.contests.folders.fetch",
    "solver.contest.folder": "solver.contests.folders.folder",
    "solver.contest.folder_api": "solver.contests.folders.api",
    "solver.contest.folder_cms": "solver.contests.folders.cms",
    "solver.contest.folder_toml": "solver.contests.folders.toml",
    "solver.contest.live": "solver.contests.live",
    "solver.contest.log": "solver.contests.logs.log",
    "solver.contest.plan": "solver.contests.plan",
    "solver.contest.play": "solver.contests.play",
    "solver.contest.player": "solver.contests.player",
    "solver.contest.prepared": "solver.prepared",
    "solver.contest.rating": "solver.contests.people.rating",
    "solver.contest.recorded": "solver.contests.logs.recorded",
    "solver.contest.recorder": "solver.contests.logs.recorder",
    "solver.contest.replay": "solver.replays.contest",
    "solver.contest.rules": "solver.contests.rules",
    "solver.contest.rules.atcoder": "solver.contests.rules.atcoder",
    "solver.contest.rules.base": "solver.contests.rules.base",
    "solver.contest.rules.codeforces": "solver.contests.rules.codeforces",
    "solver.contest.rules.icpc": "solver.contests.rules.icpc",
    "solver.contest.rules.ioi": "solver.contests.rules.ioi",
    "solver.contest.run": "solver.contests.run",
    "solver.contest.scoreboard": "solver.contests.scoreboard",
    "solver.contest.settings": "solver.contests.settings",
    "solver.contest.standings": "solver.contests.people.standings",
    "solver.contest.truth": "solver.replays.truth",
    "solver.contest.worlds": "solver.replays.contest_worlds",
    "solver.contest.yaml_file": "solver.contests.folders.yaml_file",
    "solver.durable": "solver.kept.durable",
    "solver.equivalence": "solver.observing.equivalence",
    "solver.examples": "solver.observing.examples",
    "solver.helpers": "solver.observing.helpers",
    "solver.inputs": "solver.observing.inputs",
    "solver.inputs_kept": "solver.kept.inputs",
    "solver.inputs_mutation": "solver.observing.mutation",
    "solver.inputs_separating": "solver.observing.separating",
    "solver.judges.cms": "solver.judges.clients.cms",
    "solver.judges.contest_api": "solver.judges.clients.contest_api",
    "solver.judges.domjudge": "solver.judges.clients.domjudge",
    "solver.judges.graders": "solver.contests.graders",
    "solver.judges.kattis": "solver.judges.clients.kattis",
    "solver.judges.ledger": "solver.judges.clients.ledger",
    "solver.judges.playing": "solver.contests.on_judge",
    "solver.judges.remote": "solver.judges.clients.remote",
    "solver.judges.simulated": "solver.contests.simulated",
    "solver.judges.statements": "solver.judges.clients.statements",
    "solver.judges.transport": "solver.judges.clients.transport",
    "solver.judges.verdicts": "solver.judges.clients.verdicts",
    "solver.kept_answers": "solver.kept.answers",
    "solver.observations": "solver.kept.observations",
    "solver.replay_record": "solver.replays.record",
    "solver.replay_table": "solver.replays.table",
    "solver.replay_world": "solver.replays.world",
    "solver.sampling.dedup": "solver.sampling.answers.dedup",
    "solver.sampling.extraction": "solver.sampling.answers.extraction",
    "solver.sampling.pool": "solver.sampling.pools.pool",
    "solver.sampling.pool_layouts": "solver.sampling.pools.layouts",
    "solver.scorer.evaluation": "solver.replays.evaluation",
    "solver.store": "solver.kept.samples",
    "solver.whole_files": "solver.kept.whole_files",
}
"""Old name to new name."""


class MovedModules(MetaPathFinder, Loader):
    """Gives the module of today for a name of yesterday."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A spec where the name is one of `MOVED`."""
        return ModuleSpec(fullname, self) if fullname in MOVED else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module itself, not a copy: its classes are the same under both names."""
        name = MOVED[spec.name]
        warnings.warn(f"{spec.name} is {name} now", DeprecationWarning, stacklevel=2)
        module = importlib.import_module(name)
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run again; the module keeps its own name."""
        spec = module.__spec__
        if spec is not None and isinstance(spec.loader_state, ModuleSpec):
            module.__spec__ = spec.loader_state


def install() -> None:
    """Makes old names work in this process; a second call does nothing."""
    if not any(isinstance(finder, MovedModules) for finder in sys.meta_path):
        sys.meta_path.append(MovedModules())
