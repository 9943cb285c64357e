"""What people call a language, as the id that the table of languages knows it by."""

import shutil
from collections.abc import Sequence

from problems.task import Task
from sandbox.compiling.languages import Language, LanguageTable
from solver.errors import MachineLacks, SolverError
from solver.sampling.plan import allowed_languages

ALIASES = {
    "cpp": "cpp20",
    "c++": "cpp20",
    "cxx": "cpp20",
    "cc": "cpp20",
    "g++": "cpp20",
    "c++11": "cpp17",
    "c++14": "cpp17",
    "cpp11": "cpp17",
    "cpp14": "cpp17",
    "c++17": "cpp17",
    "c++20": "cpp20",
    "c++23": "cpp23",
    "gnu++17": "cpp17",
    "gnu++20": "cpp20",
    "gnu++23": "cpp23",
    "c11": "c",
    "c17": "c",
    "gcc": "c",
    "python": "python3",
    "py": "python3",
    "py3": "python3",
    "python 3": "python3",
    "cpython": "python3",
    "pypy": "pypy3",
    "rs": "rust",
}


class UnknownLanguageWord(SolverError):
    """No language is called so, or a task takes none of those that were asked for."""


def language_named(word: str, table: LanguageTable | None = None) -> Language:
    """The language of an id, of a usual name of it, or of a file's ending.

    Raises:
        UnknownLanguageWord: None is called so; the message lists the known ones.
    """
    table = table or LanguageTable.load()
    plain = word.strip().lower()
    for name in (word, plain, ALIASES.get(plain, "")):
        if name in table:
            return table[name]
    known = ", ".join(sorted(each.id for each in table))
    raise UnknownLanguageWord(
        f"no language is called {word!r}; known: {known} (and usual names, as cpp for cpp20, "
        "python for python3)"
    )


def check_compilers(languages: Sequence[str]) -> None:
    """The languages' compilers are here, before anything is paid for.

    Raises:
        MachineLacks: One is not; the message says what brings it.
    """
    table = LanguageTable.load()
    for each in languages:
        if each in table and shutil.which(table[each].host_program) is None:
            program = table[each].host_program
            raise MachineLacks(f"{table[each].name}: no {program} here; {table[each].fix}")


def check_task_takes(task: Task, languages: Sequence[str]) -> None:
    """A task takes at least one of the languages that a user asked for.

    Raises:
        UnknownLanguageWord: It takes none of them: sampling in others is not what was asked for.
    """
    taken = allowed_languages(task)
    if taken and not set(taken) & set(languages):
        raise UnknownLanguageWord(
            f"{task.name}: takes {', '.join(sorted(taken))}, and none of {', '.join(languages)} "
            "that --language names"
        )


def check_subtasks(task: Task, subtasks: Sequence[str]) -> None:
    """A task has the subtasks that a user asked for.

    Raises:
        SolverError: It has no subtask of such a name.
    """
    names = [subtask.name for subtask in task.subtasks]
    for each in subtasks:
        if each not in names:
            raise SolverError(
                f"{task.name}: no subtask is called {each!r}; it has {', '.join(names)}"
            )
