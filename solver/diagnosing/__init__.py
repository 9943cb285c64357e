"""A model reads the programs that would be handed in next and proposes inputs that break them.

Off unless asked for. What it proposes counts as any other input does: all live validators accept
it, and what programs do on it is weighed by `solver.breaking`. Reading order: reading -> asking.
"""
