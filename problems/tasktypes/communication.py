"""Communication (CMS): one or more contestant processes talk to a manager, which gives the score.

CMS's conventions (`cms/grading/tasktypes/Communication.py`): the manager's argv names a pipe pair a
process (from it, to it), its stdin is the test's input, its stdout the score. A process has the
pipes as stdin and stdout, or in argv; with several processes its 0-based index comes last. CPU time
is summed over the processes.
"""

from dataclasses import replace
from signal import SIGPIPE

from problems.errors import JudgeError, UnsupportedTask
from problems.jury.check import Check, cms_check
from problems.jury.checkers import CMS_MANAGER
from problems.tasktypes.execution import Execution
from problems.tasktypes.side import Meeting, Side, failure_of
from problems.verdict import Verdict
from sandbox.backend import Executable, Job, Link
from sandbox.result import RunResult

EXTRA_WALL_S = 5.0
FIRST_PIPE = 3


def run(side: Side, program: Executable, meeting: Meeting) -> Execution:
    """Runs the processes and the manager on one input."""
    manager = side.interactor
    if manager is None or manager.role != CMS_MANAGER:
        role = "none" if manager is None else manager.role
        raise UnsupportedTask(f"{side.task.name}: manager of kind {role!r}")
    count = side.task.processes
    limits = side.limits()
    limits = replace(limits, wall_s=count * limits.wall_limit_s + EXTRA_WALL_S)
    in_argv = side.task.interface.pipes_in_argv
    links: list[Link] = []
    names: list[str] = []
    contestants: list[Job] = []
    for index in range(count):
        from_it, to_it = FIRST_PIPE + 2 * index, FIRST_PIPE + 2 * index + 1
        names += [f"/dev/fd/{from_it}", f"/dev/fd/{to_it}"]
        reads, writes = (FIRST_PIPE, FIRST_PIPE + 1) if in_argv else (0, 1)
        links.append(Link(writer=(index + 1, writes), reader=(0, from_it)))
        links.append(Link(writer=(0, to_it), reader=(index + 1, reads)))
        args = (f"/dev/fd/{reads}", f"/dev/fd/{writes}") if in_argv else ()
        if count > 1:
            args = (*args, str(index))
        contestants.append(Job(program=program, limits=limits, args=args))
    jury = Job(
        program=side.programs.executable(manager),
        # CMS allows a manager what its processes may use together. It opens each pipe again.
        limits=replace(
            side.jury_limits,
            cpu_s=max(side.jury_limits.cpu_s, count * (side.time_s + 1.0)),
            wall_s=limits.wall_limit_s + 10.0,
            open_files=side.jury_limits.open_files + 4 * count,
        ),
        stdin=meeting.input,
        args=(*names, *manager.args, *meeting.args),
    )
    joined = side.run_joined([jury, *contestants], links)
    return _outcome(side, joined.results[0], joined.results[1:])


def _outcome(side: Side, manager: RunResult, contestants: tuple[RunResult, ...]) -> Execution:
    cpu_s = sum(result.cpu_s for result in contestants)
    failures = [failure_of(result, side.time_s) for result in contestants]
    failure = next((found for found in failures if found is not None), None)
    if failure is None and cpu_s > side.time_s:
        failure = Verdict.TLE
    check: Check | None = None
    message = ""
    if failure is None and manager.signal == SIGPIPE:
        # A process ended well while the manager still wrote to it.
        check = Check(accepted=False, message="a process ended before the manager was done")
    elif failure is None:
        try:
            check = cms_check(manager)
        except JudgeError as error:
            message = str(error)
    return Execution(
        failure=failure,
        output=None,
        check=check,
        message=message,
        cpu_s=cpu_s,
        wall_s=max(result.wall_s for result in contestants),
        waited_s=max(result.waited_s for result in contestants),
        memory_bytes=max(result.memory_bytes for result in contestants),
    )
