"""The owner: what becomes of asks that it has begun when it is told to stop."""

import asyncio
import threading
from pathlib import Path

import pytest

from sandbox.errors import SandboxError
from sandbox.service.frames import HEAD
from sandbox.service.link import OwnerLink
from sandbox.service.owner import Owner
from sandbox.service.work import Ask, Refusal, Trouble


def an_ask(kind: str) -> Ask:
    return Ask(
        kind=kind,
        key=kind,
        client="a",
        door="",
        begin_before_s=float("inf"),
        size_bytes=1,
        payload=None,
    )


async def refused(path: Path) -> Refusal:
    """What an ask is told that gets no answer."""
    link = OwnerLink(path)
    link.start()
    with pytest.raises(Refusal) as caught:
        await asyncio.wait_for(link.ask(an_ask("run")), 30)
    await link.close()
    return caught.value


@pytest.mark.parametrize("error", [SandboxError("the sandbox was closed"), OSError("no pipe")])
def test_what_runs_while_the_service_stops_is_for_another_time(
    tmp_path: Path, error: Exception
) -> None:
    """A service that is ended closes its sandbox under the jobs: whoever asked must not take that
    for a failure of the job, and asks another service."""
    begun, closed = threading.Event(), threading.Event()

    def handler(*_: object) -> object:
        begun.set()
        assert closed.wait(30)
        raise error

    owner = Owner(tmp_path / "owner", {"run": handler}, threads=1, slots=1)
    owner.start()

    def stop() -> None:
        begun.wait(30)
        assert not owner.stop(0.0)
        closed.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    refusal = asyncio.run(refused(tmp_path / "owner"))
    stopper.join()
    assert refusal.trouble is Trouble.FULL and refusal.retry_after_s > 0


def test_a_failure_at_any_other_time_is_one(tmp_path: Path) -> None:
    def handler(*_: object) -> object:
        raise SandboxError("no space")

    owner = Owner(tmp_path / "owner", {"run": handler}, threads=1, slots=1)
    owner.start()

    refusal = asyncio.run(refused(tmp_path / "owner"))
    assert refusal.trouble is Trouble.BROKEN and "no space" in refusal.message
    assert owner.stop(1.0)


def test_an_owner_that_is_gone_for_good_is_not_waited_for(tmp_path: Path) -> None:
    """The main process of a service is killed: its owner ends as well and is not started again, and
    whoever waits is told at once to ask elsewhere, not when the patience of HTTP is over."""

    async def asked() -> Refusal:
        heard, gone = asyncio.Event(), asyncio.Event()

        async def owner(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(HEAD.size)
            heard.set()
            await gone.wait()
            writer.close()

        server = await asyncio.start_unix_server(owner, tmp_path / "owner")
        link = OwnerLink(tmp_path / "owner")
        link.start()
        answer = asyncio.ensure_future(link.ask(an_ask("run")))
        await heard.wait()
        link.stop()
        server.close()
        gone.set()
        with pytest.raises(Refusal) as caught:
            await asyncio.wait_for(answer, 30)
        with pytest.raises(Refusal):
            await asyncio.wait_for(link.ask(an_ask("another")), 30)
        await link.close()
        return caught.value

    refusal = asyncio.run(asked())
    assert refusal.trouble is Trouble.FULL and refusal.retry_after_s > 0
