"""Statements in the language that is asked for: archive of the IOI, CMS and Kattis folders."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from problems.errors import PackageError
from problems.loading import load_task
from problems.statement.translations import translations_of
from solver.cli.app import cli
from tests.problems.conftest import Write
from tests.problems.small_packages import KATTIS

STEPS = Path(__file__).parent / "packages" / "tps_cms" / "steps"
GERMAN = "# Stufen\n\nZähle die Wege auf der Treppe.\n"


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(STEPS, tmp_path / "steps"))
    (folder / "translations").mkdir()
    for code, text in {"de_DE": GERMAN, "pt_BR": "Degraus.\n", "pt_PT": "Escadas.\n"}.items():
        (folder / "translations" / f"{code}.md").write_text(text)
    (folder / "translations" / "notes.txt").write_text("not a language\n")
    (folder / "translations" / "xx_XX.bin").write_text("no statement\n")
    return folder


@pytest.mark.parametrize("asked", ["de_DE", "de-DE", "de"])
def test_the_statement_is_the_one_that_was_asked_for(steps: Path, asked: str) -> None:
    english, german = load_task(steps), load_task(steps, statement_language=asked)
    assert "Zähle die Wege" in german.statement.text and "Zähle" not in english.statement.text
    assert (english.statement.language, german.statement.language) == ("en", "de_DE")
    assert {"de_DE", "pt_BR", "pt_PT"} <= set(english.statement.languages)
    assert not {"notes", "xx_XX"} & set(english.statement.languages)
    # What is judged is the same, and so is what English says of the subtasks.
    assert german.subtasks == english.subtasks and german.limits == english.limits
    for example in german.examples:
        assert example.input.decode().strip() in german.statement.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("pt", "several statements are in 'pt'; it has: en, pt_BR, pt_PT"),
        ("tlh", "no statement in 'tlh'; it has: en, de_DE, "),
    ],
)
def test_what_is_not_there_is_told_with_what_is(steps: Path, asked: str, said: str) -> None:
    with pytest.raises(PackageError, match=said):
        load_task(steps, statement_language=asked)


def test_english_that_stands_under_another_name_is_there(steps: Path) -> None:
    assert (
        load_task(steps, statement_language="en").statement.text == load_task(steps).statement.text
    )


def test_a_statement_that_is_a_link_out_of_the_package_is_none(steps: Path) -> None:
    outside = steps.parent / "secret.md"
    outside.write_text("secret\n")
    (steps / "translations" / "sv_SE.md").symlink_to(outside)
    assert "sv_SE" not in translations_of(steps)


def test_kattis_has_a_file_a_language(write: Write) -> None:
    folder = write({**KATTIS, "problem_statement/problem.sv.tex": "Addera två tal.\n"})
    task = load_task(folder, statement_language="sv")
    assert "Addera två tal" in task.statement.text
    assert set(load_task(folder).statement.languages) == {"en", "sv"}


def test_constants_samples_and_the_name_of_2025_09_are_in_every_language(write: Write) -> None:
    """`{{name}}` stood in a translation as it was written, so none was served."""
    interaction = ">8\n<low\n"
    folder = write(
        {
            "problem.yaml": (
                "problem_format_version: 2025-09\n"
                "name: {en: Guess, fil: Hulaan, pt-BR: Adivinhe}\ntype: interactive\n"
                "uuid: 0f6f1c52-98b1-4cf1-a0c7-0d1a3c6b6c13\nlicense: cc0\ncredits: Us\n"
                "constants: {most: {value: 1000, tex: 10^3}}\nlimits: {time_limit: 2}\n"
            ),
            "statement/problem.en.md": "Guess up to ${{most.tex}}$.\n",
            "statement/problem.fil.md": "Hulaan hanggang {{most}}.\n",
            "statement/problem.pt-BR.tex": "Adivinhe de 1 a $\\constant{most.tex}$.\n",
            "input_validators/check.py": "import sys\nsys.exit(42)\n",
            "output_validator/judge.py": "import sys\nsys.exit(42)\n",
            "data/sample/one.interaction": interaction,
            "data/secret/1.in": "7\n",
            "data/secret/1.ans": "7\n",
        }
    )
    english = load_task(folder)
    assert set(english.statement.languages) == {"en", "fil", "pt-BR"}
    filipino = load_task(folder, statement_language="fil")
    assert "Hulaan hanggang 1000." in filipino.statement.text
    assert (english.title, filipino.title) == ("Guess", "Hulaan")
    brazilian = [load_task(folder, statement_language=code) for code in ("pt-BR", "pt_BR", "pt")]
    assert all("Adivinhe de 1 a $10^3$." in task.statement.text for task in brazilian)
    # The log of an interaction is no example of the task: only the statement shows it.
    assert all(">8\n<low" in task.statement.text for task in (english, filipino, brazilian[0]))
    assert "{{" not in filipino.statement.text


def test_show_lists_them_and_prompts_hold_the_one(steps: Path, tmp_path: Path) -> None:
    def said(*words: str) -> str:
        done = CliRunner().invoke(cli, [*words])
        assert done.exit_code == 0, done.output
        return done.stdout

    shown = json.loads(said("problems", "show", str(steps), "--json"))
    assert shown["statement_language"] == "en"
    assert {"de_DE", "pt_BR", "pt_PT"} <= set(shown["statement_languages"])
    assert "de_DE" in said("problems", "show", str(steps))
    words = ["sample", str(steps), "--dry-run", "--run", str(tmp_path / "run"), "--json"]
    plain, german = said(*words), said(*words, "--statement-language", "de")
    assert "Wege auf der Treppe" in json.dumps(json.loads(german), ensure_ascii=False)
    assert "Wege auf der Treppe" not in json.dumps(json.loads(plain), ensure_ascii=False)
