"""Harbor: a package as a task folder whose verifier is a box of its own.

Layout and fields: schema 1.4 of the package `harbor` 0.26 (`harbor/models/task/{config,paths}.py`).
The agent's box holds the statement's files and an empty folder for the program. The tests, the
checker and this project's judge lie in `tests/`, of which the verifier's image alone is built: that
box starts when the agent's has ended, and gets nothing of it but the folder with the program. It
needs `docker-compose.yaml`'s rights, since the judge isolates the program once more in there.
"""

import json
import shutil
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from problems.errors import PackageError
from problems.task import Task
from solver.adapters.packages import full_solution, open_package
from solver.errors import SolverError
from solver.sampling.plan import allowed_languages

HANDED_IN = "/app/solution"
_SOURCES = Path(__file__).parents[2]
_NEEDED = (
    *("beautifulsoup4", "docker", "lxml", "numpy", "platformdirs", "pyarrow", "pydantic"),
    *("pylatexenc", "pypdf", "pyyaml", "requests", "rich", "tree-sitter", "tree-sitter-java"),
)
"""What `problems` and `sandbox` import; no part of `solver` goes with a task."""
_INSTALLED = {"c": "C (.c)", "cpp17": "C++17 (.cpp)", "python3": "Python 3 (.py)"}
_BASE = "debian:12-slim"
_AGENTS_IMAGE = f"""FROM {_BASE}
RUN apt-get update && apt-get install -y --no-install-recommends g++ python3 \\
    && rm -rf /var/lib/apt/lists/* && mkdir -p {HANDED_IN}
COPY files/ /app/files/
WORKDIR /app
"""
_VERIFIERS_IMAGE = f"""FROM {_BASE}
RUN apt-get update \\
    && apt-get install -y --no-install-recommends g++ libc6-dev python3 python3-venv \\
    && rm -rf /var/lib/apt/lists/* && mkdir -p {HANDED_IN} /logs/verifier
COPY judge/requirements.txt /opt/judge/
RUN python3 -m venv /opt/judge/venv \\
    && /opt/judge/venv/bin/pip install --no-cache-dir -r /opt/judge/requirements.txt
COPY judge/ /opt/judge/
COPY package/ /opt/package/
COPY test.sh /tests/test.sh
RUN chmod 700 /opt/package /tests
"""
_COMPOSE = """# The judge makes namespaces for the programs that it runs; a plain container may not.
services:
  main:
    privileged: true
"""
_TEST = f"""#!/bin/bash
# Writes /logs/verifier/reward.json on a verdict; without one there is no file, and exit code 3.
PYTHONPATH=/opt/judge exec /opt/judge/venv/bin/python -m problems.verifying.reward_file \\
    /opt/package {HANDED_IN} /logs/verifier/reward.json
"""


def export_harbor(
    package: Path,
    folder: Path,
    *,
    organisation: str = "solver",
    image: str | None = None,
    verifier_image: str | None = None,
) -> Path:
    """Writes a package as a Harbor task.

    Args:
        package: A package's folder, or an archive of one.
        folder: Where the task's folder is made.
        organisation: The first part of the task's name.
        image: A built image of `environment/`, for systems that build none.
        verifier_image: The same of `tests/`.

    Returns:
        The task's folder.

    Raises:
        PackageError: The package cannot be read, or is a row of a data set.
        SolverError: The task's folder is there already.
    """
    opened = open_package(package)
    if not opened.path.exists() or opened.format == "datasets":
        raise PackageError(opened.path, "a row of a data set has no folder that could go along")
    target = folder / opened.task.name
    if target.exists():
        raise SolverError(f"{target}: is there already; remove it, or name another folder")
    task = opened.task
    _write(target / "task.toml", _config(task, organisation, image, verifier_image))
    _write(target / "instruction.md", _instruction(task))
    _write(target / "environment/Dockerfile", _AGENTS_IMAGE)
    _write_files(target / "environment/files", task)
    _write(target / "tests/Dockerfile", _VERIFIERS_IMAGE)
    if verifier_image is None:
        _write(target / "tests/docker-compose.yaml", _COMPOSE)
    _write(target / "tests/test.sh", _TEST, executable=True)
    _copy_judge(target / "tests/judge")
    if opened.path.is_dir():
        # Links are followed: an image has no place outside of the package.
        shutil.copytree(opened.path, target / "tests/package")
    else:
        shutil.unpack_archive(opened.path, target / "tests/package")
    solution = full_solution(opened)
    if solution is not None:
        for name, content in solution.submission.sources.items():
            path = target / "solution" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        names = " ".join(f'"$(dirname "$0")/{name}"' for name in solution.submission.sources)
        copy = f"#!/bin/bash\nset -e\nmkdir -p {HANDED_IN}\ncp {names} {HANDED_IN}/\n"
        _write(target / "solution/solve.sh", copy, executable=True)
    return target


def _write(path: Path, text: str, *, executable: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if executable:
        path.chmod(0o755)


def _config(task: Task, organisation: str, image: str | None, verifier_image: str | None) -> str:
    # JSON's strings are TOML's.
    def quoted(value: str) -> str:
        return json.dumps(value)

    lines = [
        'schema_version = "1.4"',
        f"artifacts = [{quoted(HANDED_IN)}]",
        "",
        "[task]",
        f"name = {quoted(f'{organisation}/{task.name}')}",
        f"description = {quoted(task.title)}",
        'keywords = ["programming-contest"]',
        "",
        "[metadata]",
        f"max_points = {task.max_points:g}",
        f"subtasks = [{', '.join(quoted(one.name) for one in task.subtasks)}]",
        "",
        "[agent]",
        "timeout_sec = 3600",
        "",
        "[environment]",
        'network_mode = "no-network"',
        *([f"docker_image = {quoted(image)}"] if image else []),
        "",
        "[verifier]",
        'environment_mode = "separate"',
        "timeout_sec = 1800",
        "",
        "[verifier.environment]",
        'network_mode = "no-network"',
        *([f"docker_image = {quoted(verifier_image)}"] if verifier_image else []),
    ]
    return "\n".join(lines) + "\n"


def _instruction(task: Task) -> str:
    memory_mib = task.limits.memory_bytes // (1024 * 1024)
    limits = f"Memory limit: {memory_mib} MiB."
    if task.limits.time_s is not None:
        limits = f"Time limit: {task.limits.time_s:g} s of CPU time a test. {limits}"
    subtasks = "\n".join(f"- {one.name}: {one.max_points:g} points" for one in task.subtasks)
    wanted = dict.fromkeys(task.interface.submission_names.values())
    names = [f"`{name}`" for name in wanted]
    where = f" as {' or '.join(names)}" if names else ""
    files = _given(task)
    given = (
        f"Files given with the task lie in `/app/files/`: {', '.join(files)}.\n" if files else ""
    )
    statement = task.statement.text.strip()
    if not statement.startswith("# "):
        statement = f"# {task.title}\n\n{statement}"
    return f"""{statement}

## Handing in

Write one program into the folder `{HANDED_IN}/`{where}; nothing else may lie there. Languages:
{", ".join(_languages(task))}. {limits} It is judged once, after you have finished, in a place that
you cannot reach: points are

{subtasks}

{given}"""


def _languages(task: Task) -> Iterable[str]:
    """Those that the task takes and the images have a compiler for."""
    allowed = allowed_languages(task)
    return [name for one, name in _INSTALLED.items() if not allowed or one in allowed]


def _given(task: Task) -> dict[str, bytes]:
    files = dict(task.attachments)
    for managers in task.interface.managers.values():
        files |= managers
    for number, example in enumerate(task.examples, start=1):
        files[f"example{number}.in"] = example.input
        if example.output is not None:
            files[f"example{number}.out"] = example.output
    return files


def _write_files(folder: Path, task: Task) -> None:
    folder.mkdir(parents=True)
    for name, content in _given(task).items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise SolverError(f"{task.name}: a file given to contestants is called {name!r}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _copy_judge(folder: Path) -> None:
    left_out = shutil.ignore_patterns("bundled", "__pycache__", "attacks", "bench", "faults")
    for name in ("problems", "sandbox"):
        shutil.copytree(_SOURCES / name, folder / name, ignore=left_out)
    pins = "".join(f"{name}=={version(name)}\n" for name in _NEEDED)
    (folder / "requirements.txt").write_text(pins, encoding="utf-8")
