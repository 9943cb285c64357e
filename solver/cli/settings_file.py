"""A file of settings that a user writes once: `--settings FILE`, or $SOLVER_SETTINGS.

    model = "openai:gpt-oss-20b@http://localhost:8000/v1"

    [sampling]
    samples = 200
    languages = ["cpp20"]
    temperature = [0.6, 1.0]
    max_cost = 5.0
    price_prompt_mtok = 0.15
    price_answer_mtok = 0.60

What the command line says goes before it. What a run folder was begun with stands: the file does
not change it, and a command line that says otherwise is refused.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from solver.errors import SolverError
from solver.sampling.config import SamplingConfig

VARIABLE = "SOLVER_SETTINGS"


class SettingsFile(BaseModel):
    """The file; every field of `SamplingConfig` may stand in its table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str | None = None
    """What draws candidates, as `--model` takes it."""
    sampling: SamplingConfig = SamplingConfig()
    """How candidates are drawn."""

    def stated(self) -> dict[str, Any]:
        """What the file says of sampling, and no defaults."""
        return self.sampling.model_dump(exclude_unset=True)


def read_settings(file: Path | None = None) -> SettingsFile:
    """The settings of a file, or of the one that $SOLVER_SETTINGS names, or none.

    Raises:
        SolverError: The file cannot be read or a setting is not known; names file and setting.
    """
    if file is None:
        named = os.environ.get(VARIABLE)
        if not named:
            return SettingsFile()
        file = Path(named)
    try:
        return SettingsFile.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise SolverError(f"{file}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SolverError(f"{file}: not TOML ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SolverError(f"{file}: {where}: {first['msg']}") from error
