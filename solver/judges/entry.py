"""Where a program of several files begins, for judges that ask for it."""

import re

from problems.submission import Submission
from sandbox.java_source import main_source, read_java

MAIN = re.compile(rb"\bmain\s*\(")
DECLARED = ("java", "rust")


def main_file(submission: Submission) -> str:
    """The file named main, else the first that declares one, else the first."""
    names = sorted(submission.sources)
    if submission.language == "java":
        found = main_source({name: submission.sources[name] for name in names})
        if found is not None:
            return found
    for name in names:
        if name.partition(".")[0].lower() == "main":
            return name
    if submission.language in DECLARED:
        for name in names:
            if MAIN.search(submission.sources[name]):
                return name
    return names[0]


def entry_point(submission: Submission) -> str:
    """Java's main class, package included; for other languages the main file's name."""
    name = main_file(submission)
    if submission.language != "java":
        return name
    return read_java(submission.sources[name]).main_class or name.removesuffix(".java")
