"""Two solvers in one container take different uids for their workers."""

import subprocess
import sys

import pytest

from sandbox.host.uids import UidClaim

# What a container with 65,536 uids of its own looks like from inside: the process id says nothing.
SCRIPT = """
import sys
import sandbox.host.uids
sandbox.host.uids._WHOLE_RANGE = 1 << 40
claims = [sandbox.host.uids.UidClaim() for _ in range(3)]
print(*(uid for claim in claims for uid in claim.uids), flush=True)
sys.stdin.read()
"""


def _start() -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)


def _uids(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def test_processes_beside_each_other_share_no_uid() -> None:
    processes = [_start() for _ in range(3)]
    taken = [uid for process in processes for uid in _uids(process)]
    for process in processes:
        process.communicate("")
    assert len(taken) == 18
    assert len(set(taken)) == 18


def test_a_killed_process_gives_its_uids_back() -> None:
    first = _start()
    taken = _uids(first)
    first.kill()
    first.communicate()
    with _start() as second:
        assert _uids(second) == taken
        second.communicate("")


def test_no_uid_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.host.uids._PAIRS_OF_A_PROCESS", 2)
    monkeypatch.setattr("sandbox.host.uids._WHOLE_RANGE", 1)
    monkeypatch.setattr("sandbox.host.uids._FIRST_UID", 0x10000000)  # apart from sandboxes of ours
    claims = [UidClaim(), UidClaim()]
    assert claims[0].uids != claims[1].uids
    with pytest.raises(OSError, match="taken"):
        UidClaim()
    claims[0].release()
    again = UidClaim()
    assert again.uids == claims[0].uids
    again.release()
    claims[1].release()
