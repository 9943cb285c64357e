"""Where others already work: evaluators, trainers and agents that use our tasks and our judge.

Each module here speaks one foreign protocol and is thin; none of the foreign packages is a
dependency of ours, and a module that needs one is loaded by that package alone.
"""
