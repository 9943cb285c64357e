"""A real contest of one bundled task, and the spans that a real receiver of OTLP is sent, as JSON.

Run by an interpreter that has the extra `otel`; the test beside it reads what it prints.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

BUNDLED = Path(__file__).parents[3] / "problems/bundled"
said: dict[str, Any] = {"paths": [], "headers": [], "services": [], "spans": [], "bytes": ""}


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said["paths"].append(self.path)
        said["headers"].append(self.headers.get("x-key"))
        said["bytes"] += body.decode("latin-1")
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {one.key: one.value.string_value for one in resource.resource.attributes}
            said["services"].append(names.get("service.name"))
            for scope in resource.scope_spans:
                for span in scope.spans:
                    said["spans"].append(
                        {
                            "name": span.name,
                            "id": span.span_id.hex(),
                            "parent": span.parent_span_id.hex(),
                            "failed": span.status.code == 2,
                            "keys": sorted(one.key for one in span.attributes),
                        }
                    )
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: Any) -> None:
        pass


def main(folder: Path) -> None:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
    os.environ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-key=from the environment"
    import solver
    from solver.errors import SolverError
    from solver.kept.journal import driven

    contest = folder / "contest"
    contest.mkdir()
    (contest / "apples").symlink_to(BUNDLED / "contest/apples")
    (contest / "contest.toml").write_text('[[tasks]]\nname = "apples"\npath = "apples"\n')
    solver.contest(contest, f"pool:{BUNDLED / 'pools/apples.jsonl'}", run=folder / "run")
    try:
        with driven(folder / "other", "solve"):
            raise SolverError("the model is gone")
    except SolverError:
        pass
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
