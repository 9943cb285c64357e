"""One file a contest system; all of them behind `base.Rules`."""

from solver.contests.rules.atcoder import AtCoderRules
from solver.contests.rules.base import Rules
from solver.contests.rules.codeforces import CodeforcesRules
from solver.contests.rules.icpc import IcpcRules
from solver.contests.rules.ioi import IoiRules
from solver.errors import SolverError

RULES: dict[str, type[Rules]] = {
    "ioi": IoiRules,
    "icpc": IcpcRules,
    "codeforces": CodeforcesRules,
    "atcoder": AtCoderRules,
}


def rules_named(name: str) -> Rules:
    """The rules of that name.

    Raises:
        SolverError: There are none of that name; the message lists the known ones.
    """
    try:
        return RULES[name]()
    except KeyError:
        raise SolverError(f"no rules named {name!r}; known: {', '.join(sorted(RULES))}") from None
