"""Brackets nested as deep as the parser's stack, built by the source itself."""
exec("x = " + "(" * 100_000 + ")" * 100_000)
