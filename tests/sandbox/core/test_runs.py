"""What a run reports: how it ended, what it used, which limit ended it, what it left."""

import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox import Blob, Executable, ExitStatus, Job, LimitKind, Limits, RunResult, Sandbox
from sandbox.errors import InvalidJob
from sandbox.limits import MIB

RunC = Callable[..., RunResult]
Build = Callable[..., Executable]

BUSY = """
#include <time.h>
#include <stdlib.h>
int main(int c, char **v) {
  double want = c > 1 ? atof(v[1]) : 1e9;
  volatile unsigned long x = 0;
  struct timespec t;
  do { for (int i = 0; i < 10000; i++) x += i; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  } while (t.tv_sec + t.tv_nsec * 1e-9 < want);
  return 0;
}"""
ECHO = "#include <stdio.h>\nint main(){int c;while((c=getchar())!=EOF)putchar(c);}"


def test_exit_code_and_output(run_c: RunC) -> None:
    result = run_c(
        "#include <stdio.h>\nint main(){int a;"
        'scanf("%d",&a);printf("%d",a+1);fputs("e",stderr);return 7;}',
        stdin=b"41",
    )
    assert (result.status, result.exit_code, result.signal, result.limit) == (
        ExitStatus.EXITED, 7, None, None,
    )  # fmt: skip
    assert result.stdout.read() == b"42"
    assert result.stderr == b"e"
    assert not result.ok


@pytest.mark.parametrize(
    ("call", "signal"), [("abort()", 6), ("*(volatile int*)0=1", 11), ("raise(9)", 9)]
)
def test_signals_are_reported_truly(run_c: RunC, call: str, signal: int) -> None:
    result = run_c(f"#include <stdlib.h>\n#include <signal.h>\nint main(){{{call};}}")
    assert (result.status, result.signal, result.exit_code) == (ExitStatus.SIGNALED, signal, None)


def test_cpu_limit(sandbox: Sandbox, build: Build) -> None:
    result = sandbox.run(Job(program=build(BUSY), limits=Limits(cpu_s=0.2, wall_s=20)))
    assert (result.status, result.limit) == (ExitStatus.LIMIT, LimitKind.CPU)
    assert 0.2 <= result.cpu_s < 0.3


def test_cpu_time_of_threads_and_children_counts(run_c: RunC) -> None:
    result = run_c(
        "#include <unistd.h>\n#include <sys/wait.h>\n"
        "int main(){for(int i=0;i<4;i++)if(!fork())for(;;);while(wait(0)>0);}",
        cpu_s=0.2, wall_s=5.0,
    )  # fmt: skip
    assert result.limit is LimitKind.CPU


def test_a_program_just_inside_its_limit_passes(sandbox: Sandbox, build: Build) -> None:
    limits = Limits(cpu_s=1.05, wall_s=30.0)
    result = sandbox.run(Job(program=build(BUSY), limits=limits, args=("1.0",)))
    assert result.ok, result
    assert 1.0 <= result.cpu_s <= 1.05


def test_cpu_time_agrees_with_getrusage(sandbox: Sandbox, build: Build, tmp_path: Path) -> None:
    """Within 2 ms or 2 % of what the bare program uses by wait4, the better of three pairs."""
    program = build(BUSY)
    binary = tmp_path / "main"
    binary.write_bytes(program.files["main"].read())
    binary.chmod(0o755)
    misses = []
    for wanted in (0.1, 0.1, 0.3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([binary, str(wanted)], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        bare = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        job = Job(program=program, limits=Limits(cpu_s=5.0), args=(str(wanted),))
        misses.append(abs(sandbox.run(job).cpu_s - bare) / max(0.002, 0.02 * bare))
    assert min(misses) <= 1.0, misses


def test_wall_limit(run_c: RunC) -> None:
    result = run_c("#include <unistd.h>\nint main(){for(;;)pause();}", wall_s=0.2)
    assert result.limit is LimitKind.WALL
    assert result.wall_s >= 0.2
    assert result.cpu_s < 0.1


def test_memory_limit(run_c: RunC) -> None:
    source = (
        "#include <stdlib.h>\n#include <string.h>\n"
        "int main(){for(int i=0;i<500;i++)memset(malloc(1<<20),1,1<<20);}"
    )
    result = run_c(source, memory_bytes=64 * MIB)
    assert result.limit is LimitKind.MEMORY
    # Where the host is short of memory, half a gigabyte of page faults takes over a second.
    allowed = run_c(source, memory_bytes=600 * MIB, cpu_s=20.0, wall_s=60.0)
    assert allowed.ok
    assert 490 * MIB < allowed.memory_bytes < 520 * MIB


def test_memory_that_is_not_touched_is_free(run_c: RunC) -> None:
    assert run_c(
        "#include <stdlib.h>\nint main(){return !malloc(1l<<30);}", memory_bytes=64 * MIB
    ).ok


def test_the_stack_is_limited_by_memory_alone(run_c: RunC) -> None:
    deep = (
        "int f(int n){volatile char a[1000];a[0]=n;return n?f(n-1)+a[0]:0;}"
        "int main(){f(100000);return 0;}"
    )
    assert run_c(deep, memory_bytes=256 * MIB).ok
    assert not run_c(deep, memory_bytes=32 * MIB).ok


def test_output_is_not_counted_as_memory(run_c: RunC) -> None:
    source = (
        "#include <stdio.h>\nint main(){static char b[1<<20];"
        "for(int i=0;i<40;i++)fwrite(b,1,sizeof b,stdout);}"
    )
    result = run_c(source, memory_bytes=16 * MIB, output_bytes=64 * MIB)
    assert result.ok, result
    assert result.stdout.size_bytes == 40 * MIB
    assert result.memory_bytes < 16 * MIB


@pytest.mark.parametrize(("written", "limit"), [(1000, None), (1001, LimitKind.OUTPUT)])
def test_output_limit_is_exact(run_c: RunC, written: int, limit: LimitKind | None) -> None:
    source = f"#include <stdio.h>\nint main(){{for(int i=0;i<{written};i++)putchar('x');}}"
    result = run_c(source, output_bytes=1000)
    assert result.limit is limit
    assert result.stdout.read() == b"x" * 1000


def test_process_limit(run_c: RunC) -> None:
    source = (
        "#include <unistd.h>\n#include <sys/wait.h>\nint main(){int n=0;"
        "for(int i=0;i<20;i++){int p=fork();if(!p){pause();_exit(0);}if(p>0)n++;}return n<19;}"
    )
    result = run_c(source, processes=8)
    assert not result.ok
    if result.memory_source != "rusage":
        assert result.limit is LimitKind.PROCESSES
    assert run_c(source, processes=32).ok


def test_disk_limit(run_c: RunC) -> None:
    source = (
        '#include <stdio.h>\nint main(){static char b[1<<20];FILE*f=fopen("big","w");'
        "for(int i=0;i<8;i++)fwrite(b,1,sizeof b,f);fclose(f);return 0;}"
    )
    assert run_c(source, disk_bytes=4 * MIB).limit is LimitKind.DISK
    assert run_c(source, disk_bytes=16 * MIB).ok


def test_open_files_limit(run_c: RunC) -> None:
    result = run_c(
        "#include <unistd.h>\nint main(){int n=3;while(dup(0)>=0)n++;return n;}", open_files=20
    )
    assert result.exit_code == 20


def test_files_in_and_out(run_c: RunC) -> None:
    source = (
        "#include <stdio.h>\n#include <unistd.h>\nint main(){char b[99]={0};"
        'fread(b,1,98,fopen("input.txt","r"));FILE*f=fopen("output.txt","w");fputs(b,f);fclose(f);'
        'f=fopen("out/x","w");fputs("y",f);fclose(f);symlink("/etc/passwd","link");mknod("fifo",010666,0);}'
    )
    keep = ("output.txt", "out/x", "link", "fifo", "absent")
    job = {"files": {"input.txt": b"hello"}, "keep": keep, "folders": ("out",)}
    result = run_c(source, job=job)
    assert {name: blob.read() for name, blob in result.kept.items()} == {
        "output.txt": b"hello", "out/x": b"y",
    }  # fmt: skip


def test_large_input_and_output_pass_through(sandbox: Sandbox, build: Build) -> None:
    content = Blob.of_bytes(bytes(range(256)) * 40_000)
    result = sandbox.run(Job(program=build(ECHO), limits=Limits(cpu_s=10), stdin=content))
    assert result.ok
    assert result.stdout.digest == content.digest


def test_nothing_is_left_for_the_next_run(sandbox: Sandbox, build: Build) -> None:
    leave = build(
        "#include <stdio.h>\n#include <unistd.h>\n#include <sys/stat.h>\n"
        "int main(){if(!fork()){setsid();for(;;)pause();}"
        'mkdir("deep",0);fclose(fopen("left","w"));chmod("left",0);}'
    )
    look = build(
        "#include <dirent.h>\n#include <stdio.h>\n#include <unistd.h>\n"
        'int main(){DIR*d=opendir(".");struct dirent*e;'
        'while((e=readdir(d)))puts(e->d_name);printf("%d\\n",getpid()>1);}'
    )
    limits = Limits()
    for _ in range(4):  # on both workers
        assert sandbox.run(Job(program=leave, limits=limits)).ok
        seen = sandbox.run(Job(program=look, limits=limits)).stdout.read().split()
        assert sorted(seen) == [b".", b"..", b"1"]


def test_environment_is_fixed(run_c: RunC) -> None:
    result = run_c(
        "#include <stdio.h>\nextern char**environ;int main(){for(char**e=environ;*e;e++)puts(*e);}"
    )
    names = {line.split(b"=")[0] for line in result.stdout.read().splitlines()}
    assert names == {b"PATH", b"HOME", b"TMPDIR", b"LANG", b"PYTHONDONTWRITEBYTECODE"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("files", {"a/b": b""}),
        ("files", {"..": b""}),
        ("files", {"x\0y": b""}),
        ("files", {"n" * 300: b""}),
        ("keep", ("a/b/c",)),
        ("keep", ("/etc/passwd",)),
        ("args", ("a\0b",)),
        ("args", ("x" * 200_000,)),
        ("folders", ("a/b",)),
    ],
)
def test_a_job_that_cannot_be_run_is_refused(run_c: RunC, field: str, value: object) -> None:
    with pytest.raises(InvalidJob):
        run_c("int main(){return 0;}", job={field: value})


def test_a_missing_program_is_refused(sandbox: Sandbox) -> None:
    program = Executable(language="x", argv=("/usr/bin/no-such-program",), files={})
    with pytest.raises(InvalidJob, match="no-such-program"):
        sandbox.run(Job(program=program, limits=Limits()))


def test_a_damaged_program_fails_as_a_program(sandbox: Sandbox) -> None:
    program = Executable(
        language="x", argv=("./main",), files={"main": Blob.of_bytes(b"\x7fELFnot")}
    )
    result = sandbox.run(Job(program=program, limits=Limits()))
    assert (result.status, result.exit_code) == (ExitStatus.EXITED, 127)
