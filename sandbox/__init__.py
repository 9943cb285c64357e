"""Runs programs that nobody has read; knows no tasks and no models.

Reading order: limits -> data -> result -> backend (the protocol) -> namespaces, containers,
bubblewrap (the backends) -> languages -> compile.
"""
