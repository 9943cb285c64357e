"""How like two programs are: whether a right program may be one that the model has read.

Moss's idea (Schleimer, Wilkerson and Aiken 2003): shared runs of tokens, names and layout aside.
"""

import re
from collections.abc import Sequence

_TOKENS = re.compile(r"[A-Za-z_]\w*|\d+|\S")
_NOISE = re.compile(
    r"//[^\n]*|/\*.*?\*/|#include[^\n]*|^\s*(?:import|from|using)\b[^\n]*", re.M | re.S
)
_RUN = 12
_KEEP = re.compile(
    "if|else|while|for|do|return|break|continue|int|long|double|char|bool|void|struct|class|auto|"
    "vector|map|set|queue|sort|push|back|min|max|def|in|range|print|input|and|or|not"
)


def fingerprint(source: str) -> frozenset[tuple[str, ...]]:
    """All runs of 12 tokens: words of the language stay, names and numbers become one of a kind."""
    tokens = []
    for token in _TOKENS.findall(_NOISE.sub("", source)):
        if token[0].isalpha() or token[0] == "_":
            tokens.append(token if _KEEP.fullmatch(token) else "name")
        else:
            tokens.append("0" if token[0].isdigit() else token)
    return frozenset(tuple(tokens[at : at + _RUN]) for at in range(len(tokens) - _RUN + 1))


def likeness(source: str, others: Sequence[str]) -> float:
    """Largest share of the program's runs that one other program has too, 0 to 1."""
    own = fingerprint(source)
    if not own:
        return 0.0
    return max((len(own & fingerprint(other)) / len(own) for other in others), default=0.0)
