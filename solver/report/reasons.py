"""Why each submission was made, in words that do not say again what the line above says."""

from collections.abc import Sequence

from solver.report.build import ReportedSubmission


def reasons_of(submissions: Sequence[ReportedSubmission]) -> list[str]:
    """A reason a submission; clauses that the one before has too are left out.

    A strategy's reason is made of clauses with "; " between them. Numbers of the choice itself
    (chance, expected points) come first, since they change most.
    """
    found: list[str] = []
    before: frozenset[str] = frozenset()
    for each in submissions:
        clauses = [part.strip() for part in each.reason.split(";") if part.strip()]
        new = [part for part in clauses if part not in before]
        before = frozenset(clauses)
        found.append("; ".join(new) or "for the same reason")
    return found
