"""What is kept outlives a power cut, for every file of a run folder.

A child keeps things and says so; strace writes down its system calls. They are played on a disk
that forgets: a file's content up to its last sync stays, a name stays once its folder was synced.
At every line in which the child says that something is kept, its content and its name, and those
of the folders above, must be on that disk. And no name may ever lead to a content that is not.
"""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CHILD = """
import sys
from pathlib import Path
from solver.contests.logs.log import SubmissionLog
from solver.kept.answers import KeptAnswers
from solver.kept.blobs import BlobStore
from solver.kept.inputs import save_inputs
from solver.kept.observations import ObservationStore
from solver.kept.samples import RunFolder, StoredSample
from solver.kept.whole_files import whole_file
import numpy as np

run = Path(sys.argv[1]) / "new" / "run"

def kept(path):
    print(f"kept {path}", flush=True)

with whole_file(run / "config.json") as partial:
    partial.write_text("{}")
kept(run / "config.json")
with whole_file(run / "config.json") as partial:
    partial.write_text("{} ")
kept(run / "config.json")
blobs = BlobStore(run / "blobs")
for number in range(3):
    digest = blobs.put(b"text %d" % number)
    kept(run / "blobs" / digest[:2] / digest[2:])
save_inputs(run / "task", "k" * 16, [])
kept(run / "task" / ("inputs-" + "k" * 16 + ".jsonl"))
with SubmissionLog(run / "log.jsonl") as log:
    for number in range(3):
        log.append("note", {"n": number})
        kept(run / "log.jsonl")
with RunFolder(run) as folder:
    for number in range(3):
        folder.add([StoredSample(key=str(number), task="t", kind="candidate", subtask=None,
            number=number, text="x" * (1 + number * 20_000), logprob=None, tokens=1,
            prompt_tokens=1, finish="stop", model="m", elapsed_s=0.0, extra={})])
        kept(run / "samples.sqlite-wal")
        kept(run / "samples.sqlite")
with KeptAnswers(run / "task") as answers:
    answers.save({"q": b"a"})
    kept(run / "task" / "answers.sqlite-wal")
    kept(run / "task" / "answers.sqlite")
store = ObservationStore(run / "task" / "observations.sqlite")
store.save("p", "i", (np.ones(2, np.uint8), np.ones(2, np.uint64), np.ones(2, np.float32)), {})
kept(run / "task" / "observations.sqlite-wal")
kept(run / "task" / "observations.sqlite")
store.close()
"""

CALLS = "openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,mkdir,unlink"
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(.*)$")
_PATH = re.compile(r"<(/[^>]*)>")
_QUOTED = re.compile(r'"([^"]*)"')


@dataclass
class ForgetfulDisk:
    """Which contents and names are on the disk.

    Attributes:
        unsynced: Files that were written to since their last sync.
        unnamed: Paths whose name is not in its folder on the disk yet.
        faults: What a power cut would have shown.
        reports: Paths that were said to be kept.
        seen: Files that were made and are still there.
    """

    top: str
    unsynced: set[str] = field(default_factory=set)
    unnamed: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def play(self, line: str) -> None:
        """One line of strace."""
        call = _CALL.match(line)
        if call is None or int(call[3]) < 0:
            return
        name, words, rest = call[1], call[2], call[4]
        paths = [one for one in _QUOTED.findall(words) if one.startswith(self.top)]
        opened = _PATH.search(words)
        told = re.match(r'1<[^>]*>, "kept ([^"\\]*)', words)
        if name == "write" and told is not None:
            self.report(told[1])
        elif name == "openat" and "O_CREAT" in words:
            made = _PATH.search(rest)
            if made is not None and made[1].startswith(self.top) and made[1] not in self.seen:
                self.seen.add(made[1])
                self.unnamed.add(made[1])
        elif name == "mkdir":
            self.unnamed |= set(paths)
        elif name == "unlink":
            self.seen -= set(paths)
        elif name.startswith("rename") and len(paths) == 2:
            old, new = paths
            if old in self.unsynced:
                self.faults.append(f"{new} leads to a content that is not on the disk")
            self.unsynced.discard(new)
            self.unnamed.add(new)
            self.seen.add(new)
        elif name in ("write", "pwrite64", "ftruncate") and opened is not None:
            self.unsynced.add(opened[1])
        elif name in ("fsync", "fdatasync") and opened is not None:
            self.unsynced.discard(opened[1])
            self.unnamed = {one for one in self.unnamed if str(Path(one).parent) != opened[1]}

    def report(self, path: str) -> None:
        """The child says that this is kept."""
        self.reports.append(path)
        # The pages of a database may wait: its log, which is asked for beside it, has them.
        if path in self.unsynced and not path.endswith(".sqlite"):
            self.faults.append(f"{path}: content lost")
        for one in (path, *map(str, Path(path).parents)):
            if one in self.unnamed:
                self.faults.append(f"{path}: the name {one} lost")


def traced(child: str, folder: Path) -> ForgetfulDisk:
    """What a power cut at any moment of this child would have shown."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed (apt install strace)")
    trace = folder / "trace"
    words = ["strace", "-f", "-y", "-s", "300", "-e", f"trace={CALLS}", "-o", str(trace)]
    place = folder / "disk"
    place.mkdir()
    done = subprocess.run(
        [*words, sys.executable, "-c", child, str(place)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    if "ptrace" in done.stderr and done.returncode:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    disk = ForgetfulDisk(top=str(place))
    for line in trace.read_text().splitlines():
        disk.play(line)
    return disk


def test_what_was_said_to_be_kept_outlives_a_power_cut(tmp_path: Path) -> None:
    disk = traced(CHILD, tmp_path)
    assert len(disk.reports) == 19
    assert not disk.faults, "\n".join(disk.faults)


CARELESS = """
import os, sys
from pathlib import Path
run = Path(sys.argv[1]) / "run"
run.mkdir()
partial, path = run / "partial", run / "file"
with partial.open("wb") as stream:
    stream.write(b"content")
    {sync}
partial.replace(path)
{folder}
print(f"kept {{path}}", flush=True)
"""
SYNC = "stream.flush(); os.fsync(stream.fileno())"
FOLDER = "os.fsync(os.open(run, os.O_RDONLY))"


@pytest.mark.parametrize(
    ("sync", "folder", "faults"),
    [
        ("", FOLDER, ["leads to a content that is not on the disk", "the name .*run lost"]),
        (SYNC, "", ["the name .*file lost", "the name .*run lost"]),
        (SYNC, FOLDER, ["the name .*run lost"]),
        (SYNC, FOLDER + "; os.fsync(os.open(run.parent, os.O_RDONLY))", []),
    ],
    ids=["no sync of the file", "no sync of the folder", "nor of the one above", "with care"],
)
def test_the_disk_forgets_what_was_not_synced(
    tmp_path: Path, sync: str, folder: str, faults: list[str]
) -> None:
    found = traced(CARELESS.format(sync=sync or "pass", folder=folder), tmp_path).faults
    assert len(found) == len(faults)
    for fault, wanted in zip(found, faults, strict=True):
        assert re.search(wanted, fault)
