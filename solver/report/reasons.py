"""Why each submission was made, in words that do not say again what the line above says."""

from collections.abc import Sequence


def said_once(reasons: Sequence[str]) -> list[str]:
    """The reasons of submissions in their order, without the clauses that the one before has too.

    A strategy's reason is made of clauses with "; " between them: what is new since the one before,
    then the numbers of the choice itself (chance, expected points), which change most.
    """
    found: list[str] = []
    before: frozenset[str] = frozenset()
    for reason in reasons:
        clauses = [part.strip() for part in reason.split(";") if part.strip()]
        new = [part for part in clauses if part not in before]
        before = frozenset(clauses)
        found.append("; ".join(new) or "for the same reason")
    return found
