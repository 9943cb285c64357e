"""Runs programs for other processes: one owner of all slots, a fair queue before it, and a
memory of what it answered. Knows no tasks and no HTTP.

Reading order: work -> programs -> running -> queue -> answers -> frames -> owner -> link ->
processes.
"""
