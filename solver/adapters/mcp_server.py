"""`solver judge mcp`: a contestant's seat as tools of the Model Context Protocol.

What an agent can mend (an unknown problem, a spent limit, a submission that comes too soon) is an
error of the tool, with the reason. Loaded by that command alone; `mcp` is an extra, from version 2.
"""

import functools
from collections.abc import Callable
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from problems.errors import ProblemsError
from sandbox.errors import SandboxError
from solver import __version__
from solver.adapters.agent_tools import AgentTools
from solver.adapters.seat import Seat
from solver.errors import SolverError

_INSTRUCTIONS = """You sit at a programming contest. Read the problems, write programs, try them
with `run`, which is free, and hand them in with `submit`, which spends one of the submissions that
the contest allows a problem. `status` says what a submission brought."""


def server_of(seat: Seat, title: str) -> MCPServer:
    """A server with the tools of this seat; `run(transport="stdio")` serves it."""
    server = MCPServer(name="solver", title=title, instructions=_INSTRUCTIONS, version=__version__)
    tools = AgentTools(seat)
    for tool in (
        tools.problems,
        tools.statement,
        tools.run,
        tools.submit,
        tools.status,
        tools.scoreboard,
    ):
        server.add_tool(_telling(tool))
    return server


def _telling(tool: Callable[..., Any]) -> Callable[..., Any]:
    """A tool whose refusals reach the agent in words; our own failures are said to be ours."""

    @functools.wraps(tool)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            return tool(*args, **kwargs)
        except (SolverError, ProblemsError) as error:
            raise ToolError(str(error)) from error
        except SandboxError as error:
            raise ToolError(f"the contest's machine failed, try again: {error}") from error

    return told
