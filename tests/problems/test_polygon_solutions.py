"""What a Polygon package says of its solutions, group by group, and what contestants get of it."""

from pathlib import Path

import pytest

from problems.errors import PackageError
from problems.package import load_package
from problems.verdict import Verdict
from tests.problems.conftest import Write

XML = """<?xml version="1.0"?>
<problem short-name="triple">
 <judging><testset name="tests"><time-limit>1000</time-limit><memory-limit>99999999</memory-limit>
  <input-path-pattern>tests/%d</input-path-pattern>
  <answer-path-pattern>tests/%d.a</answer-path-pattern>
  <tests><test points="0" group="0"/><test points="30" group="1"/><test points="70" group="2"/>
  </tests></testset></judging>
 <files><attachments><file path="files/helper.py" type="python.3"/></attachments></files>
 <assets><solutions>
  <solution tag="main"><source path="solutions/main.py" type="python.3"/></solution>
  <solution tag="rejected"><source path="solutions/half.py" type="python.3"/>
   <extra-tags>EXTRA</extra-tags></solution>
  <solution tag="runtime-error"><source path="solutions/crash.py" type="python.3"/></solution>
 </solutions></assets>
</problem>
"""


def package(write: Write, extra: str) -> Path:
    tests = {f"tests/{number}{end}": f"{number}\n" for number in (1, 2, 3) for end in ("", ".a")}
    programs = {f"solutions/{name}.py": "pass\n" for name in ("main", "half", "crash")}
    xml = {"problem.xml": XML.replace("EXTRA", extra), "files/helper.py": "print(5)\n"}
    return write({**tests, **programs, **xml})


def test_extra_tags_are_labels_of_groups(write: Write) -> None:
    extra = (
        '<extra-tag group="1" tag="accepted"/><extra-tag testset="tests" group="2" '
        'tag="time-limit-exceeded"/>'
    )
    labels = {one.name: one.expected for one in load_package(package(write, extra)).submissions}
    assert labels["half.py"].subtasks == {"1": {Verdict.AC}, "2": {Verdict.TLE}}
    assert labels["main.py"].subtasks is None
    assert labels["crash.py"].verdicts == {Verdict.RE}


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ('<extra-tag testset="pretests" tag="accepted"/>', "pretests is not judged"),
        ('<extra-tag group="1" tag="do-not-run"/>', "no label is called so"),
        ('<extra-tag group="0" tag="accepted"/>', "no points of its own"),
    ],
)
def test_an_extra_tag_that_is_not_checked_is_noted(write: Write, extra: str, said: str) -> None:
    notes = load_package(package(write, extra)).notes
    assert [note for note in notes if note.startswith("half.py: extra-tag") and said in note]


def test_an_extra_tag_of_no_group_is_an_error(write: Write) -> None:
    with pytest.raises(PackageError, match=r"problem\.xml:\d+: .*group 7"):
        load_package(package(write, '<extra-tag group="7" tag="accepted"/>'))


def test_attachments_reach_contestants(write: Write) -> None:
    task = load_package(package(write, "")).task
    assert task.attachments == {"helper.py": b"print(5)\n"}
