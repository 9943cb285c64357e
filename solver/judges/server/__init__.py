"""A small judge that speaks the Contest API over the project's own engine.

Reading order: accounts -> archive -> store -> judging -> present -> guard -> app.
"""
