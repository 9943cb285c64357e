"""Submission times test set gives a result: the judge and its grading."""
