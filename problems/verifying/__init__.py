"""Whether a package keeps its own word: labels, time limits, reports."""
