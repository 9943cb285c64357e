"""The client of several services: one of them dies, another is started anew without its data."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from solver.serving.client import ServiceClient, ServiceRefused
from tests.serving.service import ROOT, Service

SUM = {"sum.py": "a, b = map(int, input().split())\nprint(a + b)\n"}


def test_a_farm_judges(service: Service, tmp_path: Path) -> None:
    other = Service(tmp_path, "--slots", "1", "--processes", "1")
    client = ServiceClient(f"{service.url},{other.url}")
    package = client.upload(ROOT / "problems/bundled/contest/apples")
    found = [client.judge(package, "python3", {**SUM, "n.txt": str(n)}) for n in range(4)]
    assert [row["reward"] for row in found] == [1.0] * 4
    assert set(package.ids) == {service.url, other.url}  # both were asked
    other.stop(9)
    assert client.judge(package, "python3", SUM)["verdict"] == "AC"
    assert client.judge(package, "python3", {"no.py": "print(7)"})["reward"] == 0.0
    client.close()


class _Cut(BaseHTTPRequestHandler):
    """A server of HTTP that was cut off in the middle says this and no word of ours."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500)
        self.send_header("Content-Length", "21")
        self.end_headers()
        self.wfile.write(b"Internal Server Error")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def test_a_server_that_is_cut_off_is_no_failure_of_the_service(service: Service) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Cut) as cut:
        threading.Thread(target=cut.serve_forever, daemon=True).start()
        client = ServiceClient(f"http://127.0.0.1:{cut.server_port},{service.url}")
        tests = client.upload_tests({"tests": [{"input": "1", "answer": "2"}]})
        assert set(tests.ids) == {service.url}
        assert client.judge(tests, "python3", {"a.py": "print(2)"})["reward"] == 1.0
        client.close()
        cut.shutdown()


def test_what_is_handed_over_again_where_it_is_gone(service: Service) -> None:
    client = ServiceClient(service.url)
    tests = client.upload_tests({"tests": [{"input": "1", "answer": "2"}]})
    tests.ids[service.url] = "0" * 48
    assert client.judge(tests, "python3", {"a.py": "print(2)"})["reward"] == 1.0
    with pytest.raises(ServiceRefused, match="cobol"):
        client.judge(tests, "cobol", {"a.cob": ""})
    with pytest.raises(ServiceRefused):
        client.upload_tests({"tests": []})
    client.close()
