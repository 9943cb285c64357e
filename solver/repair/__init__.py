"""Between breaking and choosing: rounds of drafts that are told where earlier programs fail.

They cost tokens and no submission. Reading order: findings -> orders -> stops -> rounds.
"""
