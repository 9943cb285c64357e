"""Other judges' words for a verdict, translated in this one place."""

from collections.abc import Mapping
from typing import Any

from problems.verdict import Verdict
from solver.judges.errors import BadAnswer

# CCS specification, JSON_Format.md, "Judgement types"; the big five and their common variants.
CLICS: Mapping[str, Verdict] = {
    "AC": Verdict.AC,
    "RE": Verdict.WA,  # "rejected", where a contest does not say why
    "NO": Verdict.WA,
    "WA": Verdict.WA,
    "TLE": Verdict.TLE,
    "WTL": Verdict.TLE,
    "ILE": Verdict.TLE,
    "TCO": Verdict.TLE,
    "RTE": Verdict.RE,
    "CE": Verdict.CE,
    "CTL": Verdict.CE,
    "APE": Verdict.AC,
    "PE": Verdict.WA,
    "EO": Verdict.WA,
    "IO": Verdict.WA,
    "OLE": Verdict.OLE,
    "MLE": Verdict.MLE,
    "SV": Verdict.RE,
    "IF": Verdict.RE,
    "RCO": Verdict.RE,
    "RWA": Verdict.RE,
    "TWA": Verdict.TLE,
    "CS": Verdict.SKIPPED,
    "SE": Verdict.SKIPPED,
    "JE": Verdict.SKIPPED,
}

# kattis-cli (submit.py, `_STATUS_MAP`): a status above 5, "Running", ends a submission.
KATTIS_RUNNING = 5
KATTIS: Mapping[int, Verdict] = {
    6: Verdict.SKIPPED,  # "Judge Error"
    8: Verdict.CE,
    9: Verdict.RE,
    10: Verdict.MLE,
    11: Verdict.OLE,
    12: Verdict.TLE,
    13: Verdict.RE,  # "Illegal Function"
    14: Verdict.WA,
    16: Verdict.AC,
}


def verdict_of(kind: str, described: Mapping[str, Any] | None = None) -> Verdict:
    """The verdict of a Contest API judgement type.

    Args:
        kind: The type's id.
        described: The contest's own description; decides about ids that the specification lacks.

    Raises:
        BadAnswer: Neither the specification nor the contest describes it.
    """
    if kind in CLICS:
        return CLICS[kind]
    if described is None:
        raise BadAnswer(f"the judge's word {kind!r} is described nowhere")
    return Verdict.AC if described.get("solved") else Verdict.WA
