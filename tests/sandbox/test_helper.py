"""The helper where things go wrong: no descriptor left, a path too long, files given and kept."""

import json
import os
import resource
import shutil
import subprocess
import sysconfig
import tempfile
from pathlib import Path

import pytest

from sandbox.backends.namespaces import NamespacesSandbox
from sandbox.errors import BackendUnavailable, SandboxError
from sandbox.host.rootfs import GROUP, PASSWD, Bind
from sandbox.limits import MIB, LimitKind
from sandbox.process_state import first_child

ROOT = Path(__file__).parent.parent.parent
NOBODY = 65534


def _pid_1(sandbox: NamespacesSandbox) -> int:
    (worker,) = sandbox._engine._cores[0].workers.values()
    child = first_child(worker.process.pid)
    assert child is not None
    return child


@pytest.mark.parametrize("descriptors", [3, 4, 5])
def test_without_a_descriptor_for_the_output_there_is_no_answer(make_job, descriptors):
    """Issue 16: the program wrote to /dev/null, and an empty answer came back as if it were its."""
    job = make_job("say", "hello")
    with NamespacesSandbox(slots=1) as sandbox:
        assert sandbox.run(job).stdout.read() == b"hello"
        pid = _pid_1(sandbox)
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (descriptors, before[1]))
        with pytest.raises(SandboxError, match="could not be started"):
            sandbox.run(job)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        assert sandbox.run(job).stdout.read() == b"hello"


def test_a_path_that_is_too_long_for_the_message_is_cut():
    """Issue 16: the length that was wanted was sent, and so what lay behind the message."""
    source = "/no/such/" + "long/" * 150
    with pytest.raises(BackendUnavailable) as caught:
        NamespacesSandbox(slots=1, binds=(Bind(source=source, target="/shown"),))
    assert source[:400] in str(caught.value)
    assert source not in str(caught.value)
    assert "\0" not in str(caught.value)


def test_programs_see_the_same_users_everywhere(box, make_job):
    if box.name == "bubblewrap":
        pytest.skip("bubblewrap shows no /etc/passwd")
    assert box.run(make_job("show", "/etc/passwd")).stdout.read().decode() == PASSWD
    assert box.run(make_job("show", "/etc/group")).stdout.read().decode() == GROUP


def test_given_files_take_no_room_from_the_program(strong_box, make_job):
    """Issue 16: 60 MiB of input left 5 of the 64 MiB that the program was promised."""
    job = make_job(
        "write", "out", str(20 * MIB), files={"input.txt": bytes(60 * MIB)}, memory_bytes=128 * MIB
    )
    result = strong_box.run(job)
    assert result.ok, result


def test_what_the_program_writes_is_limited_beside_given_files(strong_box, make_job):
    files = {"input.txt": bytes(5 * MIB)}
    over = make_job("write", "out", str(3 * MIB), files=files, disk_bytes=2 * MIB)
    assert strong_box.run(over).limit is LimitKind.DISK
    assert strong_box.run(make_job("write", "out", str(MIB), files=files, disk_bytes=2 * MIB)).ok


def test_one_file_under_many_names_comes_back_within_the_limit(strong_box, make_job):
    """Issue 16: it was copied once a name."""
    names = tuple(f"name{index}" for index in range(8))
    job = make_job("link", str(2 * MIB), *names, keep=names, disk_bytes=5 * MIB)
    result = strong_box.run(job)
    assert result.ok, result
    assert sum(blob.size_bytes for blob in result.kept.values()) == 4 * MIB


@pytest.mark.parametrize(("limit_mib", "over"), [(64, True), (128, False)])
def test_output_does_not_hide_a_peak_before_it(strong_box, make_job, limit_mib, over):
    """Issue 16: 80 MiB that were freed before 60 MiB were printed read as 20."""
    job = make_job(
        "use-print", "80", "60", memory_bytes=limit_mib * MIB, output_bytes=64 * MIB, cpu_s=5.0
    )
    result = strong_box.run(job)
    assert result.memory_bytes > 75 * MIB
    assert (result.limit is LimitKind.MEMORY) == over, result


SCRIPT = """
import json, sys
from pathlib import Path
from sandbox import *
from sandbox.backends.namespaces import NamespacesSandbox
from sandbox.host.rootfs import Bind
files = {"tool": Blob.of_file(Path(sys.argv[1]))}
program = Executable(language="c", argv=("./tool",), files=files)
with NamespacesSandbox(slots=1, binds=(Bind(source=sys.argv[2], target="/shown"),)) as box:
    codes = []
    for place in ("/shown/below/file", "/shown/file"):
        job = Job(program=program, limits=Limits(), args=("write", place, "1"))
        codes.append(box.run(job).exit_code)
    print(json.dumps(codes))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount something below a shown folder")
def test_what_is_mounted_below_a_shown_folder_is_read_only_too(tool):
    """Issue 16: an ordinary user's sandbox takes locked submounts along; they stayed writable."""
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
    if python is None or shutil.which("setpriv") is None or shutil.which("unshare") is None:
        pytest.skip("no python3 that others may run, or no setpriv or unshare")
    with tempfile.TemporaryDirectory() as name:  # not tmp_path: what lies above it is root's alone
        home = Path(name)
        home.chmod(0o777)
        (home / "shown" / "below").mkdir(parents=True)
        (home / "tool").write_bytes(tool.files["tool"].read())
        (home / "shown").chmod(0o777)
        inside = 'mount -t tmpfs -o mode=777 below "$1/shown/below" && shift && exec "$@"'
        person = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        script = [python, "-c", SCRIPT, str(home / "tool"), str(home / "shown")]
        command = ["unshare", "-m", "sh", "-c", inside, "sh", str(home), *person, *script]
        environment = {
            "HOME": str(home),
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "PYTHONPATH": os.pathsep.join((str(ROOT), sysconfig.get_paths()["purelib"])),
        }
        trial = subprocess.run(
            [*person, python, "-c", "import pydantic, platformdirs, sandbox.compile"],
            capture_output=True,
            env=environment,
            check=False,
        )
        if trial.returncode != 0:
            pytest.skip(f"others cannot import the package: {trial.stderr.decode()[-200:]}")
        answer = subprocess.run(
            command, capture_output=True, env=environment, cwd="/", check=False, timeout=120
        )
    assert answer.returncode == 0, answer.stderr.decode()
    assert json.loads(answer.stdout) == [3, 3]
