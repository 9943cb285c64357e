"""All tests: property tests try the same examples on every machine.

A run in CI must not hang on the dice. Other examples: `pytest --hypothesis-profile=default`.
"""

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
