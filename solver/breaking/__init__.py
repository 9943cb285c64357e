"""Stage 5, again: tries to break the programs that would be handed in next.

Reading order: types -> bounds -> layout -> ladder -> small -> runs -> claims -> attack -> shrink.
"""
