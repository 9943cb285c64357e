"""Results as tables: a row a thing, for notebooks and data frames."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from solver.errors import SolverError

FrameKind = Literal["pyarrow", "pandas"]


class Tabled(ABC):
    """A result whose rows can be had as a table."""

    __slots__ = ()

    @abstractmethod
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The rows, column name to value; the same columns in each."""

    def to_frame(self, kind: FrameKind = "pyarrow") -> Any:
        """The rows as a table.

        Args:
            kind: "pyarrow" gives a `pyarrow.Table`, "pandas" a `pandas.DataFrame`.

        Returns:
            One row for each of `rows()`; columns in their order.

        Raises:
            SolverError: pandas was asked for and is not installed.
        """
        import pyarrow

        table = pyarrow.Table.from_pylist([dict(row) for row in self.rows()])
        if kind == "pyarrow":
            return table
        try:
            return table.to_pandas()
        except ImportError as error:
            raise SolverError("pandas is not installed: pip install pandas") from error
