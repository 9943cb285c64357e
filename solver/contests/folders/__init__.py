"""Contests as they lie in folders, and where known ones come from."""
