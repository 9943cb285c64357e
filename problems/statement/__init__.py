"""A package's statement as text that a model can read, and its subtasks."""

from problems.statement.convert import build_statement, pdf_to_text, read_statement

__all__ = ["build_statement", "pdf_to_text", "read_statement"]
