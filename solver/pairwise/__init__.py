"""Before choosing, where two programs are as good as each other: the model compares them by pairs.

Off unless asked for. Reading order: strengths -> contenders -> votes -> tournament.
"""
