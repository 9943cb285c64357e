"""For a task's committee: attacks the jury's own programs, and sampled ones, with legal inputs.

Here the answer key exists: the package's validators say what is legal, its accepted programs and
its checker what is right. Reading order: types -> jury -> drafts -> verdicts -> attack.
"""
