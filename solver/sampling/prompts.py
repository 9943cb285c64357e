"""Stage 2, before: templates that a user can edit become messages."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import jinja2

from problems.task import Subtask, Task
from solver.errors import SolverError
from solver.sampling.config import PROMPT_VERSION, SamplingConfig
from solver.sampling.engine import Message
from solver.types import Candidate, HelperKind, Tried

MIB = 1024 * 1024
SHOWN_EXAMPLE_CHARACTERS = 2000
SHOWN_TRIED = 4
SHOWN_EARLIER = 2

LANGUAGE_NAMES = {
    "c": "C",
    "cpp17": "C++17",
    "cpp20": "C++20",
    "cpp23": "C++23",
    "java": "Java",
    "pypy3": "Python 3",
    "python3": "Python 3",
    "rust": "Rust",
}
LANGUAGE_TAGS = {"c": "c", "java": "java", "rust": "rust", "python3": "python", "pypy3": "python"}

GENERATOR_TAGS = (
    "Make small inputs, of all shapes.",
    "Make inputs as large as the subtask allows.",
    "Make corner cases: smallest and largest values, all equal, sorted, reversed, extreme shapes.",
    "Mix sizes: draw the size first, on a logarithmic scale.",
)
BRUTE_TAGS = (
    "",
    "Say the task again in your own words, in a comment; then write the program from that.",
    "Build every possible answer and keep those that fulfil the statement's conditions one by one.",
)
"""Brute forces that misread a sentence together prove nothing: each is asked in another way."""
PRODUCER_TAGS = (
    "",
    "Begin from a construction that you can prove, then improve it by search while time is left.",
    "Look for the best known construction for each file; they need not have anything in common.",
)
TAGS_OF = {HelperKind.BRUTE: BRUTE_TAGS, HelperKind.PRODUCER: PRODUCER_TAGS}
PRODUCER_S = 20
"""What a producer is told that it may take; it is stopped a little later."""


class PromptError(SolverError):
    """A template is missing or broken; the message names the file and the line."""


class Prompts:
    """Renders prompts for one task."""

    def __init__(self, folder: Path | None = None, *, version: int = PROMPT_VERSION) -> None:
        """Args:
        folder: Templates of the user's; a name that is not there comes from the package.
        version: 1 words the package's own as runs of before were asked.
        """
        self._version = version
        loaders: list[jinja2.BaseLoader] = []
        if folder is not None:
            if not folder.is_dir():
                raise PromptError(f"{folder}: no such folder of templates")
            loaders.append(jinja2.FileSystemLoader(folder))
        loaders.append(jinja2.PackageLoader("solver.sampling", "prompts"))
        self._environment = jinja2.Environment(
            loader=jinja2.ChoiceLoader(loaders),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
        )

    @classmethod
    def of(cls, config: SamplingConfig) -> Self:
        """The prompts of a run's settings."""
        return cls(Path(config.prompts) if config.prompts else None, version=config.prompt_version)

    def candidate(
        self,
        task: Task,
        subtask: Subtask | None,
        language: str,
        *,
        chat: bool,
        tag: str = "",
        tried: Sequence[Tried] = (),
        reasoning_tokens: int | None = None,
        system: str | None = None,
    ) -> tuple[Message, ...]:
        """The prompt for one candidate.

        Args:
            subtask: The one that it is asked for; None for the whole task.
            chat: False for a base model: one text to continue.
            tried: What was handed in before: makes it a revision prompt.
            system: The system turn in place of the template's; "" leaves it out. A base model
                takes no turns and is sent none.

        Raises:
            PromptError: The template is broken.
        """
        name = "base" if not chat else ("revision" if tried else "candidate")
        statement = task.statement.text
        if subtask is not None and len(task.subtasks) > 1:
            statement = task.statement.for_subtask(subtask.name)
        values = self._program(task, statement, language) | {
            "subtask": subtask,
            "tag": tag,
            "reasoning_tokens": reasoning_tokens,
            "tried": [
                {
                    "source": one.candidate.source.strip(),
                    "tag": LANGUAGE_TAGS.get(one.candidate.language, "cpp"),
                    "points": dict(one.points),
                    "verdict": one.verdict,
                    "verdicts": dict(one.verdicts),
                }
                for one in most_telling(tried)
            ],
        }
        return with_system(self._render(name, values), system if chat else None)

    def repair(
        self,
        task: Task,
        *,
        parent: Candidate,
        subtask: str | None,
        mode: str,
        examples: Sequence[Mapping[str, Any]],
        earlier: Sequence[Candidate] = (),
        judged: Tried | None = None,
        reasoning_tokens: int | None = None,
        system: str | None = None,
    ) -> tuple[Message, ...]:
        """The prompt for a draft that does better than a program that fails.

        Args:
            subtask: The one that it is asked for; None for the whole task.
            mode: "mend" for the fewest changes, "fresh" for another idea.
            examples: Inputs on which it fails, as `repairs.Counterexample` has them.
            earlier: The programs that it came from by repair, the latest first.
            judged: What the judge said of it, where it was handed in.

        Raises:
            PromptError: The template is broken.
        """
        statement = task.statement.text
        named = next((each for each in task.subtasks if each.name == subtask), None)
        if named is not None and len(task.subtasks) > 1:
            statement = task.statement.for_subtask(named.name)
        values = self._program(task, statement, parent.language) | {
            "subtask": named,
            "mode": mode,
            "program": _shown(parent),
            "examples": list(examples),
            "earlier": [_shown(one) for one in earlier[:SHOWN_EARLIER]],
            "judged": None
            if judged is None
            else {"verdict": judged.verdict, "points": dict(judged.points)},
            "reasoning_tokens": reasoning_tokens,
        }
        return with_system(self._render("repair", values), system)

    def pair(
        self,
        task: Task,
        programs: Sequence[Candidate],
        content: str,
        outputs: Sequence[str | None],
        *,
        system: str | None = None,
    ) -> tuple[Message, ...]:
        """The prompt that asks which of two programs is right.

        Args:
            programs: A and B.
            content: An input on which they differ, as it is to be told.
            outputs: What each prints there; None where it does not end as it should.

        Raises:
            PromptError: The template is broken.
        """
        values = self._common(task, task.statement.text) | {
            "programs": [_shown(one) for one in programs],
            "input": content,
            "outputs": list(outputs),
        }
        return with_system(self._render("pair", values), system)

    def diagnosis(
        self, task: Task, program: Candidate, most: int, *, system: str | None = None
    ) -> tuple[Message, ...]:
        """The prompt that asks for at most so many inputs on which a program fails.

        Raises:
            PromptError: The template is broken.
        """
        values = self._common(task, task.statement.text)
        values |= {"program": _shown(program), "most": most}
        return with_system(self._render("diagnosis", values), system)

    def _program(self, task: Task, statement: str, language: str) -> dict[str, Any]:
        """What every prompt for a program tells of the task and the language."""
        signatures, signature_tag = _signatures(task, language)
        return self._common(task, statement) | {
            "language": language,
            "language_name": LANGUAGE_NAMES.get(language, language),
            "language_tag": LANGUAGE_TAGS.get(language, "cpp"),
            "signatures": signatures,
            "signature_tag": signature_tag,
            "header": _header(task, language),
            "maxima": {each.name: each.max_points for each in task.subtasks},
        }

    def helper(
        self,
        task: Task,
        kind: HelperKind,
        number: int,
        *,
        language: str = "python3",
        system: str | None = None,
    ) -> tuple[Message, ...]:
        """The prompt for the number-th generator, validator, checker, brute force or producer."""
        values = self._common(task, task.statement.text)
        tags = TAGS_OF.get(kind, GENERATOR_TAGS)
        values["tag"] = tags[number % len(tags)]
        if kind is HelperKind.PRODUCER:
            values["language_name"] = LANGUAGE_NAMES.get(language, language)
            values["files"] = task.output_files
            values["given"] = any(file.input is not None for file in task.output_files)
            values["seconds"] = PRODUCER_S
        return with_system(self._render(kind.value, values), system)

    def _common(self, task: Task, statement: str) -> dict[str, Any]:
        return {
            "task": task,
            "statement": statement.strip(),
            "statement_has_title": self._version > 1 and _shows_title(task, statement),
            "statement_has_examples": _shows_examples(task, statement),
            "examples": [
                {
                    "input": _text(example.input),
                    "output": None if example.output is None else _text(example.output),
                }
                for example in task.examples[:3]
            ],
            "limits": {
                "time_s": task.limits.time_s,
                "memory_mib": task.limits.memory_bytes // MIB,
            },
            "input_file": task.interface.input_file,
            "output_file": task.interface.output_file,
        }

    def _render(self, name: str, values: Mapping[str, Any]) -> tuple[Message, ...]:
        try:
            template = self._environment.get_template(f"{name}.jinja")
            context = template.new_context(dict(values))
            messages = []
            for role in ("system", "user"):
                if role in template.blocks:
                    text = "".join(template.blocks[role](context)).strip()
                    messages.append(Message(role=role, content=text))
        except jinja2.TemplateSyntaxError as error:
            raise PromptError(
                f"{error.filename or name}:{error.lineno}: {error.message}"
            ) from error
        except (jinja2.TemplateError, TypeError, ValueError) as error:
            # A filter may stumble over what a user's template gives it.
            raise PromptError(f"{name}.jinja: {error}") from error
        if not any(message.role == "user" for message in messages):
            raise PromptError(f"{name}.jinja: it has no block 'user'")
        return tuple(messages)


def with_system(messages: tuple[Message, ...], system: str | None) -> tuple[Message, ...]:
    """The messages with another system turn; None leaves them, "" takes it away."""
    if system is None:
        return messages
    own = (Message(role="system", content=system),) if system else ()
    return own + tuple(message for message in messages if message.role != "system")


def most_telling(tried: Sequence[Tried]) -> list[Tried]:
    """The best programs of the earlier rounds, and the last one: a prompt has no room for all."""
    ranked = sorted(tried, key=lambda one: -sum(one.points.values()))
    chosen = ranked[: SHOWN_TRIED - 1]
    if tried and tried[-1] not in chosen:
        chosen.append(tried[-1])
    return chosen


def _shown(candidate: Candidate) -> dict[str, str]:
    return {
        "source": candidate.source.strip(),
        "tag": LANGUAGE_TAGS.get(candidate.language, "cpp"),
    }


def _signatures(task: Task, language: str) -> tuple[str | None, str]:
    """What a solution must define, and the tag of the language that it is written in."""
    if not task.interface.is_function:
        return None, ""
    shown = task.interface.signatures
    of = language if language in shown else next(iter(shown), language)
    return shown.get(of, ""), LANGUAGE_TAGS.get(of, "cpp")


def _header(task: Task, language: str) -> str | None:
    """The name of the header that a solution includes, where the grader comes with one."""
    names = sorted(task.interface.managers.get(language, {}))
    headers = [name for name in names if name.endswith((".h", ".hpp"))]
    # A grader may bring a library's header along; its own is named after the task.
    own = [name for name in headers if name.rpartition(".")[0] == task.name]
    return next(iter(own + headers), None)


def _text(content: bytes) -> str:
    text = content.decode("utf-8", "replace").rstrip("\n")
    long = len(text) > SHOWN_EXAMPLE_CHARACTERS
    return text[:SHOWN_EXAMPLE_CHARACTERS] + "\n..." if long else text


def _shows_title(task: Task, statement: str) -> bool:
    """The statement begins with the task's title as its heading."""
    heading = statement.strip().partition("\n")[0]
    return heading.startswith("#") and heading.strip("# ") == task.title.strip()


def _shows_examples(task: Task, statement: str) -> bool:
    """The reader has put the examples into the statement already."""
    return bool(task.examples) and _text(task.examples[0].input) in statement
