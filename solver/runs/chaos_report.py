"""What came of hurting runs."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class ChaosRow:
    """One fault.

    Attributes:
        brought: How often.
        codes: How the driver ended then, by exit code; 0 where it went on to its end.
    """

    says: str
    brought: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    skipped: str | None = None


@dataclass(slots=True, kw_only=True)
class ChaosReport:
    """The whole.

    Attributes:
        runs: Contests that were played to their end.
        equal: Those whose submissions, verdicts, points and samples are the undisturbed one's.
        submissions, samples: Of the undisturbed one.
        failures: What did not hold, in words.
    """

    seed: int
    rows: dict[str, ChaosRow]
    runs: int = 0
    equal: int = 0
    submissions: int = 0
    samples: int = 0
    undisturbed_s: float = 0.0
    elapsed_s: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Nothing was lost, doubled or different."""
        return not self.failures and self.equal == self.runs > 0

    @property
    def brought(self) -> int:
        """Faults in all."""
        return sum(row.brought for row in self.rows.values())

    def to_json(self) -> dict[str, Any]:
        """As in `docs/schemas/chaos.schema.json`."""
        return {
            "seed": self.seed,
            "held": self.held,
            "faults": self.brought,
            "runs": self.runs,
            "equal": self.equal,
            "submissions": self.submissions,
            "samples": self.samples,
            "undisturbed_s": round(self.undisturbed_s, 1),
            "elapsed_s": round(self.elapsed_s, 1),
            "kinds": [
                {
                    "fault": name,
                    "says": row.says,
                    "brought": row.brought,
                    "codes": {str(code): row.codes[code] for code in sorted(row.codes)},
                    "skipped": row.skipped,
                }
                for name, row in self.rows.items()
            ],
            "failures": self.failures,
        }
