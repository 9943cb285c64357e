"""A program's text as bytes: the one place that encodes a source.

JSON can spell half of a surrogate pair ("\\ud800"), a model may print one, and UTF-8 has no bytes
for it. Texts are cleaned where they come in (a pool's lines, a model's answers); what is compiled,
digested and handed in is then the same bytes everywhere.
"""


def encoded(text: str) -> bytes:
    """The text in UTF-8. Never fails: a lone surrogate becomes "?"."""
    return text.encode("utf-8", "replace")


def cleaned(text: str) -> str:
    """The text with "?" for every lone surrogate; any other text as it is."""
    return encoded(text).decode("utf-8")
