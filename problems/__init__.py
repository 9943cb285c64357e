"""What a task is, and what is right.

`task` holds all that a solver may know. `testset` holds the hidden tests; only `judge` takes one.
"""
