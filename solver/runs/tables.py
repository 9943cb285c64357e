"""A run's samples as a Parquet file in a layout that others read, and back.

- *open-r1* (its ioi-cots and model solutions): `uuid`, `name`, `target_subtask`, `generation`,
  `code`, `language`. `solver replay` reads it as a recorded pool.
- *nemo* (NeMo Skills' and OpenCodeReasoning's rows): `id`, `input`, `output`, `solution`, `source`,
  `license`. A run keeps what was answered and not what was asked, so `input` names the task.

Both have a column `solver` more, with all that a run keeps of a sample: from it the file is read
back without a loss. Nothing of hidden tests is written, since a run holds nothing of them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from solver.config import known_model
from solver.contests.logs.recorded import is_run, recorded_pools
from solver.errors import RunFolderError
from solver.kept.driver import driving
from solver.kept.samples import RunFolder, StoredSample
from solver.kept.whole_files import whole_file
from solver.runs.found import SAMPLES_NAME
from solver.sampling.answers.extraction import extract
from solver.source_text import encoded
from solver.types import HelperKind

Row = dict[str, Any]
_AT_ONCE = 1000
_OWN = "solver"
_HELPERS = frozenset(str(kind) for kind in HelperKind)


def _program(sample: StoredSample) -> str | None:
    language = str(sample.extra.get("language", "python3"))
    return extract(sample.text, language, sample.finish).source


def _open_r1(sample: StoredSample) -> Row:
    return {
        "uuid": sample.key,
        "name": sample.task,
        "target_subtask": sample.subtask,
        "generation": sample.text,
        "code": _program(sample),
        "language": str(sample.extra.get("language", "")),
        "model_name": sample.model,
    }


def _nemo(sample: StoredSample) -> Row:
    return {
        "id": sample.key,
        "input": sample.task if sample.subtask is None else f"{sample.task}: {sample.subtask}",
        "output": sample.text,
        "solution": _program(sample),
        "source": sample.task,
        "license": None,
        "generation_model": sample.model,
    }


LAYOUTS: Mapping[str, Callable[[StoredSample], Row]] = {"open-r1": _open_r1, "nemo": _nemo}


def export_run(run: Path, file: Path, *, layout: str, helpers: bool = False) -> int:
    """Writes a run's samples, a task after the other, and tells how many.

    Args:
        layout: One of `LAYOUTS`.
        helpers: Generators, validators and checkers too, not the candidates alone.

    Raises:
        RunFolderError: There is no sample, a sample is damaged, or the file cannot be written.
    """
    row_of = LAYOUTS[layout]
    fields = [(name, pa.string()) for name in row_of(_EXAMPLE)]
    schema = pa.schema([*fields, (_OWN, pa.string())])
    count = 0
    pools = _pools(run)
    if pools and not _holds_samples(run):
        raise RunFolderError(
            f"{run}: no samples to export: its programs were recorded before, in "
            f"{', '.join(map(str, pools))}; pass those files on"
        )
    if not (run / SAMPLES_NAME).is_file():
        raise RunFolderError(f"{run}: no samples to export")
    with (
        RunFolder(run) as kept,
        whole_file(file) as partial,
        pq.ParquetWriter(partial, schema, compression="zstd") as writer,
    ):
        for batch in _batches(kept, helpers):
            rows = [
                {**row_of(each), _OWN: json.dumps(asdict(each), sort_keys=True)} for each in batch
            ]
            writer.write_table(pa.Table.from_pylist(_readable(rows), schema=schema))
            count += len(rows)
    return count


def _pools(run: Path) -> list[Path]:
    """The recorded pools that a run takes its programs from."""
    if is_run(run):
        return recorded_pools(run)
    model = known_model(run) or ""
    return [Path(model.removeprefix("pool:"))] if model.startswith("pool:") else []


def _holds_samples(run: Path) -> bool:
    if not (run / SAMPLES_NAME).is_file():
        return False
    with RunFolder(run) as kept:
        return bool(kept.keys())


def _batches(kept: RunFolder, helpers: bool) -> Iterator[list[StoredSample]]:
    for task, kind in kept.kinds():
        if helpers or kind not in _HELPERS:
            samples = kept.samples(task, kind)
            for start in range(0, len(samples), _AT_ONCE):
                yield samples[start : start + _AT_ONCE]


def _readable(rows: list[Row]) -> list[Row]:
    """Parquet's strings are UTF-8: what a model cut in the middle of a character is replaced, as it
    is in the run folder."""
    return [
        {
            name: encoded(value).decode() if isinstance(value, str) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def import_run(file: Path, run: Path) -> int:
    """Adds the samples of an exported file to a run folder, which is made; tells how many were new.

    Raises:
        RunFolderError: It is no such file, or the run cannot be written.
        RunDriven: Somebody drives the run.
    """
    try:
        opened = pq.ParquetFile(file)
        if _OWN not in opened.schema_arrow.names:
            raise RunFolderError(
                f"{file}: not exported by `solver runs export` (no column {_OWN!r}); as a recorded "
                "pool it is read by --model pool:FILE"
            )
    except (OSError, pa.ArrowInvalid) as error:
        raise RunFolderError(f"{file}: no Parquet file ({error})") from error
    with driving(run), RunFolder(run) as kept:
        before = len(kept.keys())
        for number, batch in enumerate(opened.iter_batches(_AT_ONCE, columns=[_OWN])):
            kept.add([_sample(file, number, text) for text in batch.column(0).to_pylist()])
        return len(kept.keys()) - before


def _sample(file: Path, batch: int, text: object) -> StoredSample:
    try:
        return StoredSample(**json.loads(str(text)))
    except (TypeError, ValueError) as error:
        raise RunFolderError(
            f"{file}: a row of rows {batch * _AT_ONCE + 1} to {(batch + 1) * _AT_ONCE} is none "
            f"({error})"
        ) from error


_EXAMPLE = StoredSample(
    key="",
    task="",
    kind="candidate",
    subtask=None,
    number=0,
    text="",
    logprob=None,
    tokens=0,
    prompt_tokens=0,
    finish="stop",
    model="",
    elapsed_s=0.0,
    extra={},
)
