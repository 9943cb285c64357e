"""Inputs of `leap`. Arguments: the words of the line."""

import sys

print(*sys.argv[1:])
