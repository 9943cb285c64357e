"""Stage 9: a contest has a clock, rules, feedback, and people to be ranked with."""
