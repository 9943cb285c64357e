"""open-r1's two judging packages for Piston, read into one judgement each: which of a request's
files is the program, which the grader, the checker, the input and the answer."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from problems.service.oneoff import OneOffWork
from sandbox.limits import MIB

_MOST_S = 600.0


class Unusable(Exception):
    """The request's files are not what its package wants."""


class GraderConfig(BaseModel):
    """`graders/grader_config.json`."""

    model_config = ConfigDict(extra="ignore")

    task_type: Literal["Batch", "Communication"] = "Batch"
    code: str = ""
    time_limit: float = Field(gt=0, le=_MOST_S, allow_inf_nan=False)
    memory_limit: int = Field(gt=0)
    processes: int = Field(
        default=1, ge=1, le=64, alias="task_type_parameters_Communication_num_processes"
    )
    user_io: Literal["std_io", "fifo_io"] = Field(
        default="std_io", alias="task_type_parameters_Communication_user_io"
    )


def ioi_work(files: Mapping[str, bytes]) -> OneOffWork:
    """The package `cms_ioi`.

    Raises:
        Unusable: A file is missing, or the configuration cannot be read.
    """
    try:
        config = GraderConfig.model_validate_json(files.get("graders/grader_config.json", b""))
    except ValidationError as error:
        raise Unusable(f"graders/grader_config.json: {error.errors()[0]['msg']}") from None
    graders = _below(files, "graders/")
    graders.pop("grader_config.json", None)
    manager = {name: text for name, text in graders.items() if name.startswith("manager.")}
    if config.task_type == "Communication" and not manager:
        raise Unusable("graders/manager.cpp is missing")
    program = f"{config.code}.cpp"
    if program not in graders:
        raise Unusable(f"graders/{program} is missing")
    checker = {name: text for name, text in _below(files, "checker/").items() if name != "checker"}
    source = graders.pop(program)
    headers = {name: text for name, text in graders.items() if name.endswith(".h")}
    managers = {name: text for name, text in graders.items() if name not in manager}
    return OneOffWork(
        language="cpp17",
        sources={program: source},
        managers=managers,
        manager={**manager, **headers} if config.task_type == "Communication" else {},
        processes=config.processes,
        pipes_in_argv=config.user_io == "fifo_io",
        checker=checker,
        input=_need(files, "input.txt"),
        answer=files.get("correct_output.txt", b""),
        comparison="white-diff",
        time_s=config.time_limit,
        memory_bytes=config.memory_limit,
    )


def cf_work(files: Mapping[str, bytes], language: str) -> OneOffWork:
    """The packages for Codeforces' problems.

    Raises:
        Unusable: A file is missing, or the configuration cannot be read.
    """
    rows = _need(files, "grader_config").decode(errors="replace").splitlines()
    words = dict(row.split("=", 1) for row in rows if "=" in row)
    try:
        time_s = float(words["TIME_LIMIT"])
        memory_bytes = round(float(words["MEMORY_LIMIT"]) * MIB)
    except (KeyError, ValueError, OverflowError):
        raise Unusable("grader_config: TIME_LIMIT and MEMORY_LIMIT are wanted") from None
    if not (0 < time_s <= _MOST_S and 0 < memory_bytes <= 1 << 40):
        raise Unusable("grader_config: a limit is out of bounds")
    name = "main.cpp" if language == "cpp17" else "main.py"
    found = next((key for key in ("main.cpp", "main.py", "main") if key in files), None)
    if found is None:
        raise Unusable("main.cpp or main.py is missing")
    checker = files.get("checker.py")
    named = words.get("INPUT_MODE", "stdio") == "file"
    return OneOffWork(
        language=language,
        sources={name: files[found]},
        checker={} if checker is None else {"checker.py": checker},
        checker_language="python3",
        input=_need(files, "input.txt"),
        answer=files.get("correct_output.txt", b""),
        comparison="white-diff",
        input_file="input.txt" if named else None,
        output_file="output.txt" if named else None,
        time_s=time_s,
        memory_bytes=memory_bytes,
    )


def _below(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    return {
        name.removeprefix(folder): text for name, text in files.items() if name.startswith(folder)
    }


def _need(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise Unusable(f"{name} is missing")
    return files[name]
