"""Reads a request's form as the servers of the tests need it."""

import io

from starlette.requests import Request
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header


async def read_form(request: Request) -> tuple[dict[str, str], dict[str, list[tuple[str, bytes]]]]:
    """The fields, and the files by field as (name, content) in the order in which they came."""
    body = await request.body()
    kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    parser = FormDataParser(stream_factory=lambda **_: io.BytesIO())
    _, fields, files = parser.parse(io.BytesIO(body), kind, len(body), options)
    return fields.to_dict(), {
        name: [(str(file.filename), file.read()) for file in files.getlist(name)] for name in files
    }
