#!/usr/bin/env bash
# sandbox-fusion 0.3.7 (the client package of SandboxFusion): a complete answer with HTTP 200 is asked
# for again.
#
# Guess written down before the run: `run_code` sends one request; an answer 200 whose `status` is
# "SandboxError" comes back as a RunCodeResponse, whose field is there to be read.
# Seen: the same program is sent 5 times, with pauses that grow to several seconds (16 s in all here),
# and then a plain `Exception` is raised; a caller never sees a response of that status. So a service
# that answers "SandboxError" for a program's own fault has it run five times, at the client's
# expense; and who catches RequestException around it catches nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check sandbox-fusion==0.3.7
"$work/env/bin/python" - <<'PY'
import http.server
import json
import threading
from importlib.metadata import version

from sandbox_fusion import RunCodeRequest, run_code

bodies = []
REPLY = {
    "status": "SandboxError",
    "message": "no runner is free",
    "compile_result": None,
    "run_result": None,
    "executor_pod_name": None,
    "files": {},
}


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        bodies.append(self.rfile.read(int(self.headers["content-length"])))
        reply = json.dumps(REPLY).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
request = RunCodeRequest(code="print(1)", language="python")
try:
    ended = f"returned {run_code(request, endpoint=f'http://127.0.0.1:{server.server_port}').status}"
except Exception as error:
    ended = f"raised {type(error).__name__}: {error}"
print(f"sandbox-fusion {version('sandbox-fusion')}: {len(bodies)} requests, {len(set(bodies))} distinct; {ended}")
if len(bodies) != 5 or len(set(bodies)) != 1 or not ended.startswith("raised Exception:"):
    raise SystemExit("changed")
print("as found: one answer of status SandboxError is asked for five times, then raised")
PY
