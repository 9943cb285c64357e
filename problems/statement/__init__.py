"""A package's statement as text that a model can read, and its subtasks."""
