"""Stages 3 to 6: candidates are compiled, run on made inputs, and clustered."""
