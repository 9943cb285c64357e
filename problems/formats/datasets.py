"""Role: readers of public data sets of problems: local parquet or JSONL exports.

open-r1/ioi with ioi-test-cases, LiveOIBench, open-r1/codeforces, deepmind/code_contests,
CodeContests+, LiveCodeBench, AetherCode, ICPC-Eval, NeMo Gym's CCC and code generation, DeepCoder's
and verl's rows, each told by its columns. A path is a file or a folder of files; `PATH#ID` names
one problem where there are several. Tests are written into the cache
once, since a test set names files.
"""

from pathlib import Path

from problems.errors import PackageError
from problems.formats.dataset_ccc import Ccc
from problems.formats.dataset_checked import AETHER_CODE, ICPC_EVAL
from problems.formats.dataset_code_contests import CodeContests
from problems.formats.dataset_code_contests_plus import CodeContestsPlus
from problems.formats.dataset_codeforces import Codeforces
from problems.formats.dataset_deepcoder import GYM_CODE, VERL, DeepCoder
from problems.formats.dataset_ioi import OpenIoi
from problems.formats.dataset_livecodebench import LiveCodeBench
from problems.formats.dataset_liveoibench import LiveOiBench
from problems.formats.dataset_rows import Collection, DatasetKind, columns_of, split_selector
from problems.formats.reader import Package

KINDS: tuple[DatasetKind, ...] = (
    OpenIoi(),
    LiveOiBench(),
    Codeforces(),
    CodeContests(),
    CodeContestsPlus(),
    LiveCodeBench(),
    AETHER_CODE,
    ICPC_EVAL,
    Ccc(),
    DeepCoder(),
    VERL,
    GYM_CODE,
)

_FEW = 3
_UNKNOWN = "no file of a known data set"


class Datasets:
    """The reader of all of them."""

    name = "dataset"

    def detect(self, path: Path) -> bool:
        """A parquet or JSONL file, or a folder of such, with the columns of a known data set."""
        try:
            collection = Collection.at(path)
            if collection is None:
                return False
            return self._kind(collection) is not None or bool(_nearly(collection))
        except PackageError:
            # It is a data set's file and broken: reading it says how.
            return True

    def read(self, path: Path) -> Package:
        """Reads one problem.

        Raises:
            PackageError: It is broken, of no known data set, or several problems are in it and the
                path names none.
            UnsupportedTask: Nothing here can judge the problem.
        """
        collection = Collection.at(path)
        kind = self._kind(collection) if collection is not None else None
        if collection is None or kind is None:
            raise PackageError(path, (collection and _nearly(collection)) or _UNKNOWN)
        _, selector = split_selector(path)
        return kind.read(collection, selector)

    @staticmethod
    def _kind(collection: Collection) -> DatasetKind | None:
        for kind in KINDS:
            if any(kind.columns <= columns_of(file) for file in collection.files):
                return kind
        return None


def _nearly(collection: Collection) -> str:
    """What is wrong with a file that lacks one column of a known data set; empty where none does.

    Two columns that many tables have make no data set.
    """
    for file in collection.files:
        there = columns_of(file)
        near = [
            f"{next(iter(missing))} ({getattr(kind, 'name', type(kind).__name__)} has it)"
            for kind in KINDS
            if len(missing := kind.columns - there) == 1 and len(kind.columns) > _FEW
        ]
        if near:
            return f"of no known data set: no column {' or '.join(near)}"
    return ""
