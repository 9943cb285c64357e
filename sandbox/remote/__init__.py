"""Runs jobs on other machines: a sandbox that is a client of one or several services
(`solver sandbox serve`).

Reading order: forms -> coding (jobs and results as bytes) -> farm (which server, and again where
one fails) -> sandbox.
"""
