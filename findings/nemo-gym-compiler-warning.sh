#!/usr/bin/env bash
# nemo-gym 0.4.0, its server for olympiad tasks (competitive_coding_challenges): a program that
# compiles with a warning gets 0 points as one that does not compile, and is never run.
#
# Guess written down before the run: whether a program compiled is told by the exit code of the task's
# compile.sh; what the compiler says on stderr is kept for people (the fields compile_stdout and
# compile_stderr look like that).
# Seen: `compile_success` is "nothing was written to stderr". The same right program has score 1.0
# without -Wall in compile.sh and 0.0 with it, since the compiler then says that a variable is not used;
# `set -x`, a linker's note or a message of the shell would do the same. Rewards of a whole training run
# can be 0 for that and look like compile errors. (The package asks for Python 3.12; this file of it
# runs on 3.11 as it is. Its sandbox is any HTTP service that runs shell commands: here bash.)
set -euo pipefail
command -v g++ >/dev/null || { echo "needs g++"; exit 3; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check --no-deps --ignore-requires-python \
    nemo-gym==0.4.0 2>/dev/null
"$work/env/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1 2>/dev/null
WORK="$work" "$work/env/bin/python" - <<'PY'
import http.server
import json
import os
import subprocess
import threading
from importlib.metadata import version


class Shell(http.server.BaseHTTPRequestHandler):
    """The sandbox that the package expects: runs a shell command, answers with what it wrote."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        ran = subprocess.run(["bash", "-c", asked["generated_code"]], capture_output=True, text=True)
        said = {"process_status": "completed", "stdout": ran.stdout, "stderr": ran.stderr}
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shell)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["NEMO_SKILLS_SANDBOX_PORT"] = str(server.server_port)
from resources_servers.competitive_coding_challenges import ccc_eval

PROGRAM = """#include <cstdio>
int main() { int a, b, c; scanf("%d %d", &a, &b); printf("%d\\n", a + b); }
"""
RUN = "#!/bin/bash\n./program <input.txt >out.txt\ncmp -s out.txt correct_output.txt && echo 1.0 || echo 0.0\n"
seen = {}
for flags in ("", "-Wall"):
    made = os.path.join(os.environ["WORK"], "task" + flags)
    os.makedirs(made)
    compile_ = f"#!/bin/bash\ng++ -O2 {flags} -o program graders/sum.cpp\n"
    for name, text in (("compile.sh", compile_), ("run.sh", RUN)):
        with open(os.path.join(made, name), "w") as file:
            file.write(text)
        os.chmod(os.path.join(made, name), 0o755)
    task = {
        "shared_dir": os.environ["WORK"], "precompiled_dir": made, "problem_id": "sum",
        "generated_code": PROGRAM, "test_input": "2 3\n", "test_output": "5\n",
    }
    told = ccc_eval.run_test_case(task, 0)
    seen[flags] = (told["compile_success"], told["score"])
    print(f"flags {flags!r}: compile_success {told['compile_success']}, score {told['score']}, "
          f"stderr of the compiler {len(told['compile_stderr'])} characters")
print(f"nemo-gym {version('nemo-gym')}")
if seen != {"": (True, 1.0), "-Wall": (False, 0.0)}:
    raise SystemExit("changed")
print("as found: a warning of the compiler is a failure to compile")
PY
