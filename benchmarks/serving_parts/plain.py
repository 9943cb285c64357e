"""A plain subprocess service of SandboxFusion's API, to measure against: it compiles for every
request and runs as many at once as there are cores. `plain.py PORT`."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

turns = asyncio.Semaphore(len(os.sched_getaffinity(0)))


async def started(
    argv: list[str], stdin: bytes, seconds: float, cwd: Path
) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(*argv, cwd=cwd, stdin=-1, stdout=-1, stderr=-1)
    try:
        out, err = await asyncio.wait_for(process.communicate(stdin), seconds)
    except TimeoutError:
        process.kill()
        return None, "", ""
    return process.returncode, out.decode(), err.decode()


async def run_code(request: Request) -> JSONResponse:
    asked = await request.json()
    async with turns:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "a.cpp").write_text(asked["code"])
            argv = ["g++", "-std=c++17", "a.cpp", "-o", "a"]
            code, _, err = await started(argv, b"", 30, folder)
            compiled = {"status": "Finished", "return_code": code, "stdout": "", "stderr": err}
            ran = None
            if code == 0:
                stdin = asked["stdin"].encode()
                code, out, err = await started(["./a"], stdin, asked["run_timeout"], folder)
                ran = {"status": "Finished", "return_code": code, "stdout": out, "stderr": err}
    return JSONResponse({"status": "Success", "compile_result": compiled, "run_result": ran})


app = Starlette(routes=[Route("/run_code", run_code, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
