"""Models, strategies and settings beside one another, on the same tasks."""
