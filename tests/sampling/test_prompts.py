"""Prompts: what a model is told, for every kind of task, and templates of the user's own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from problems.loading import load_task
from problems.task import Example, Interface, Statement, Subtask, Task, TaskLimits, TaskType
from problems.verdict import Verdict
from solver.sampling.answers.extraction import extract
from solver.sampling.config import SamplingConfig
from solver.sampling.plan import TAGS, draw_tag, plan_candidates
from solver.sampling.prompts import PromptError, Prompts, most_telling
from solver.types import Candidate, HelperKind, Tried

CONTEST = Path(__file__).parents[2] / "problems" / "bundled" / "contest"


def task_of(**fields: object) -> Task:
    known: dict[str, object] = {
        "name": "ponds",
        "title": "Ponds",
        "type": TaskType.BATCH,
        "statement": Statement(
            text="All of it. {{ 7 * 7 }}",
            per_subtask={"small": "The small version.", "large": "The large version."},
        ),
        "subtasks": (
            Subtask(name="small", max_points=30.0, description="$n \\leq 10$"),
            Subtask(name="large", max_points=70.0, includes=("small",)),
        ),
        "examples": (Example(name="1", input=b"3 4\n", output=b"7\n"),),
        "limits": TaskLimits(time_s=1.5, memory_bytes=256 * 2**20),
        "scored": True,
    }
    return Task(**(known | fields))  # type: ignore[arg-type]


def said(task: Task, subtask: int | None = 0, language: str = "cpp20", **options: object) -> str:
    """The user's turn of a candidate's prompt."""
    fields: dict[str, object] = {"chat": True} | options
    chosen = None if subtask is None else task.subtasks[subtask]
    turns = Prompts().candidate(task, chosen, language, **fields)  # type: ignore[arg-type]
    assert turns[-1].role == "user"
    return turns[-1].content


def tried(source: str, small: float = 0.0, verdict: str | None = "WA") -> Tried:
    candidate = Candidate(id=source, task="ponds", subtask=None, language="cpp20", source=source)
    points = {"small": small, "large": 0.0} if verdict else {}
    return Tried(candidate=candidate, points=points, verdict=verdict)


def test_a_candidates_prompt_has_the_version_of_its_subtask() -> None:
    text = said(task_of())
    assert "The small version." in text
    assert "The large version." not in text
    assert 'subtask "small" alone, worth 30.0 points' in text
    assert "$n \\leq 10$" in text
    assert "Time limit: 1.5 s. Memory limit: 256 MiB." in text
    assert "Example input:\n```text\n3 4\n```" in text
    assert "Example output:\n```text\n7\n```" in text
    assert "Read from standard input" in text
    assert "The large version." in said(task_of(), 1)
    # The whole task: the whole statement, as it is, and no word of a subtask.
    whole = said(task_of(), None)
    assert "All of it. {{ 7 * 7 }}" in whole
    assert "subtask" not in whole


def test_a_title_stands_once() -> None:
    """The readers' statements begin with it as a rule, and some formats' do not."""
    titled = task_of(statement=Statement(text="# Ponds\n\nAll of it."))
    assert said(titled, None).count("# Ponds") == 1
    assert said(task_of(), None).count("# Ponds") == 1
    helper = Prompts().helper(titled, HelperKind.VALIDATOR, 0)[-1].content
    assert helper.startswith("# Ponds\n\nAll of it.")
    # As runs of before were asked: another text would be another key.
    before = Prompts(version=1).candidate(titled, None, "cpp20", chat=True)[-1].content
    assert before.count("# Ponds\n\n") == 2
    assert Prompts(version=1).candidate(task_of(), None, "cpp20", chat=True)[-1].content == said(
        task_of(), None
    )


@pytest.mark.parametrize(
    ("language", "name"), [("cpp20", "C++20"), ("python3", "Python 3"), ("java", "Java")]
)
def test_every_language_is_asked_for_by_name(language: str, name: str) -> None:
    system, user = Prompts().candidate(task_of(), None, language, chat=True)
    assert system.role == "system"
    assert name in system.content
    assert f"in {name}." in user.content


def test_examples_stand_once_and_long_ones_are_cut() -> None:
    shown = task_of(statement=Statement(text="Input:\n3 4\nOutput:\n7"))
    assert "Example input" not in said(shown, None)
    long = task_of(examples=(Example(name="1", input=b"5 " * 4000, output=None),))
    text = said(long)
    assert "\n...\n```" in text
    assert len(text) < 4000
    assert "Example output" not in text


def test_input_and_output_files_are_named() -> None:
    text = said(task_of(interface=Interface(input_file="ponds.in", output_file="ponds.out")))
    assert "Read from ponds.in " in text
    assert "write to ponds.out only" in text


def test_a_tag_and_a_budget_of_reasoning() -> None:
    text = said(task_of(), tag="prefix sums", reasoning_tokens=4000)
    assert "Idea to consider first: prefix sums." in text
    assert "at most about 4000 tokens" in text
    plain = said(task_of())
    assert "Idea to consider" not in plain
    assert "Think for" not in plain
    rng = np.random.default_rng(0)
    assert draw_tag(rng, 0) == ""
    assert {draw_tag(rng, 1) for _ in range(500)} == set(TAGS) - {""}


@pytest.mark.parametrize("kind", ["candidate", "revision", "base"])
def test_a_graders_header_and_its_name_are_shown(kind: str) -> None:
    canal = load_task(CONTEST / "canal")
    header = canal.interface.signatures["cpp20"].strip()
    handed_in = [tried("int x;")] if kind == "revision" else []
    text = said(canal, 0, chat=kind != "base", tried=handed_in)
    shown = header.replace("\n", "\n# ") if kind == "base" else header
    assert shown in text
    assert '#include "canal.h"' in text
    assert "main function" in text
    assert "Read from standard input" not in text
    assert canal.interface.managers["cpp20"]["grader.cpp"].decode().strip() not in text


def test_a_revision_carries_the_programs_and_the_judges_word() -> None:
    history = [tried("int a;", 10.0), tried("int b;", 30.0), tried("int c;", 20.0, "TLE")]
    history += [tried("int d;"), tried("int e;"), tried("int f;", verdict=None)]
    text = said(task_of(), 1, tried=history)
    for source, points in (("int a;", "10.0"), ("int b;", "30.0"), ("int c;", "20.0")):
        assert f"```cpp\n{source}\n```" in text
        assert f"small: {points} of 30.0, large: 0.0 of 70.0" in text
    assert "Verdict: TLE." in text
    # The last one is shown though the rules kept its result back; two with nothing are not.
    assert "int f;" in text
    assert "int d;" not in text
    assert "int e;" not in text
    assert 'full 70.0 points of the subtask "large"' in text
    assert "\nFind what is wrong" in text
    assert most_telling([]) == []
    assert "Now write a program that is right." in said(task_of(), None, tried=history)


def test_a_revision_says_how_a_subtask_failed_where_the_contest_shows_it() -> None:
    shown = {"small": Verdict.AC, "large": Verdict.TLE}
    text = said(task_of(), 1, tried=[replace(tried("int a;", 30.0), verdicts=shown)])
    assert "small: 30.0 of 30.0, large: 0.0 of 70.0 (TLE)." in text


def test_a_base_model_gets_two_solved_problems_and_an_open_block() -> None:
    (turn,) = Prompts().candidate(task_of(), task_of().subtasks[0], "cpp20", chat=False)
    text = turn.content
    assert text.endswith("# Solution in C++20:\n```cpp")
    assert text.count("# Solution in C++20:") == 3
    # Each solved problem reads as an answer that the extraction takes.
    for block in text.split("```cpp\n")[1:3]:
        assert extract(f"```cpp\n{block.split('```')[0]}```", "cpp20").source is not None
    assert "# Problem: The small version.\n" in text
    python = said(task_of(), None, "python3", chat=False)
    assert python.endswith("```python")
    assert "#include" not in python
    # A base model does not read the history of a contest.
    assert said(task_of(), chat=False, tried=[tried("int a;")]) == text


def test_a_base_models_answer_ends_where_its_block_does() -> None:
    config = SamplingConfig(samples=4)
    plans = {chat: plan_candidates(task_of(), config, Prompts(), chat=chat) for chat in (0, 1)}
    assert {each.request.parameters.stop for each in plans[1]} == {()}
    for each in plans[0]:
        assert "\n```" in each.request.parameters.stop
        assert len(each.request.messages) == 1


@pytest.mark.parametrize("kind", [HelperKind.GENERATOR, HelperKind.VALIDATOR, HelperKind.CHECKER])
def test_helpers_are_told_how_they_are_called(kind: HelperKind) -> None:
    system, user = Prompts().helper(task_of(), kind, 0)
    assert "Python 3" in system.content
    assert "sys.argv[1]" in user.content
    assert "All of it." in user.content
    if kind is not HelperKind.CHECKER:
        assert '- "small" (30.0 points): $n \\leq 10$\n' in user.content
        assert '- "large" (70.0 points)\n' in user.content
        assert "3 4" in user.content


def test_a_template_of_the_users_takes_the_packages_place(tmp_path: Path) -> None:
    (tmp_path / "candidate.jinja").write_text("{% block user %}Do {{ task.name }}!{% endblock %}")
    mine = Prompts(tmp_path)
    (turn,) = mine.candidate(task_of(), None, "cpp20", chat=True)
    assert turn.content == "Do ponds!"
    # Those that are not there come from the package.
    assert "random.seed" in mine.helper(task_of(), HelperKind.GENERATOR, 0)[-1].content


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{% block user %}\n{% if %}\n{% endblock %}", r"candidate\.jinja:2: "),
        ("{% block user %}{{ nothing }}{% endblock %}", "candidate.jinja: 'nothing' is undefined"),
        ("{% block other %}x{% endblock %}", "candidate.jinja: it has no block 'user'"),
    ],
    ids=["syntax", "unknown variable", "no block"],
)
def test_a_broken_template_is_named_with_its_line(template: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "candidate.jinja").write_text(template)
    with pytest.raises(PromptError, match=said):
        Prompts(tmp_path).candidate(task_of(), None, "cpp20", chat=True)
    with pytest.raises(PromptError, match="no such folder of templates"):
        Prompts(tmp_path / "elsewhere")


def test_a_function_task_is_asked_for_in_its_graders_languages_alone() -> None:
    config = SamplingConfig(samples=8, languages=("python3", "cpp20"))
    canal = load_task(CONTEST / "canal")
    plan = plan_candidates(canal, config, Prompts(), chat=True)
    assert {each.language for each in plan} == {"cpp20"}
    assert {each.subtask for each in plan} == {each.name for each in canal.subtasks}
    for each in plan:
        assert canal.statement.for_subtask(str(each.subtask)).strip() in (
            each.request.messages[-1].content
        )
