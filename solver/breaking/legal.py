"""What is a legal input here: all live validators say so.

Elsewhere three of four will do. Here an illegal input accuses the right programs, so one live
validator that refuses is enough to drop it.
"""

from collections.abc import Collection, Iterator, Sequence

from problems.task import Task
from sandbox.data import Blob, digest_of
from solver.observing.helpers import HelperBench
from solver.observing.inputs import InputsConfig, accepted_subtasks, live_validators
from solver.types import GeneratedInput, InputOrigin

Draft = tuple[bytes, str | None]
"""An input that nobody has looked at yet, and the subtask that it was made for, where known."""


class Legal:
    """The word of a task's live validators, all of them.

    Attributes:
        trusted: Some validator can tell good inputs from bad. Otherwise only inputs that a
            generator wrote as it was meant to be called are taken.
    """

    def __init__(self, task: Task, bench: HelperBench, drawn: Sequence[bytes]) -> None:
        """Args:
        drawn: Inputs of the task's generators, for tasks without examples.
        """
        examples = [example.input for example in task.examples]
        self._task = task
        self._bench = bench
        self._live = live_validators(task, bench, examples, drawn)
        self._known: dict[bytes, GeneratedInput | None] = {}
        self.trusted = bool(self._live)

    def likely(self, drafts: Sequence[Draft], *, as_meant: bool = False) -> list[Draft]:
        """Drafts that one live validator takes for the last subtask, which mostly is the whole
        task: a third of the price of the word of all, or less."""
        if not self._live:
            return list(drafts) if as_meant else []
        last = self._task.subtasks[-1].name
        votes = self._first_says([content for content, _ in drafts], last)
        return [draft for draft, vote in zip(drafts, votes, strict=True) if vote]

    def hopeful(self, contents: Sequence[bytes], subtasks: Collection[str]) -> list[bytes]:
        """Contents that one live validator takes for the first of these subtasks: cheaply asked
        where most are legal nowhere."""
        name = next(one.name for one in self._task.subtasks if one.name in subtasks)
        votes = self._first_says(contents, name)
        return [content for content, vote in zip(contents, votes, strict=True) if vote]

    def _first_says(self, contents: Sequence[bytes], subtask: str) -> Iterator[bool]:
        """The word of one live validator."""
        calls = [(self._live[0], subtask, Blob.of_bytes(content)) for content in contents]
        return self._bench.validate(calls)

    def look(self, drafts: Sequence[Draft], *, as_meant: bool = False) -> list[GeneratedInput]:
        """The legal ones among the drafts, in their order, each once.

        Args:
            as_meant: They come from generators that were called as they are meant to be.
        """
        fresh = {content: made_for for content, made_for in drafts if content not in self._known}
        if self.trusted or as_meant:
            config = InputsConfig(accept=1.0)
            words = accepted_subtasks(
                self._task, self._bench, self._live, list(fresh.items()), config
            )
            for content, (subtasks, share) in zip(fresh, words, strict=True):
                self._known[content] = _input(content, subtasks, share) if subtasks else None
        found: dict[bytes, GeneratedInput] = {}
        for content, _ in drafts:
            legal = self._known.get(content)
            if legal is not None:
                found.setdefault(content, legal)
        return list(found.values())

    def unsplit(self, content: bytes) -> GeneratedInput:
        """A likely legal input on which no two programs differ: of the last subtask, as far as one
        validator can say."""
        return _input(content, frozenset({self._task.subtasks[-1].name}), 1.0)


def _input(content: bytes, subtasks: frozenset[str], share: float) -> GeneratedInput:
    return GeneratedInput(
        id=digest_of(content),
        content=content,
        subtasks=subtasks,
        origin=InputOrigin.BREAKING,
        accepted_share=share,
    )
