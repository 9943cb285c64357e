"""The service's OpenAPI document, made of the forms that requests are read by."""

from typing import Any

from pydantic import BaseModel

from sandbox.remote.coding import CONTENT_TYPE
from solver.serving.doors.fusion import RunCode
from solver.serving.doors.native_forms import JudgeForm, RunForm, TestsetForm
from solver.serving.doors.piston_request import Execute

_ARCHIVES = ("application/zip", "application/x-tar", "application/gzip", "application/x-xz")
_POSTS: dict[str, tuple[str, type[BaseModel] | tuple[str, ...]]] = {
    "/run_code": ("SandboxFusion: one program on one input", RunCode),
    "/api/v2/execute": ("Piston: one program on one input", Execute),
    "/v1/run": ("A program on many inputs; compiled once", RunForm),
    "/v1/judge": ("A program for a package or test set that was handed over", JudgeForm),
    "/v1/testsets": ("Hand hidden tests over; they cannot be read again", TestsetForm),
    "/v1/packages": ("Hand a package's archive over; its tests cannot be read again", _ARCHIVES),
    "/v1/jobs": ("Jobs of the sandbox, for commands with --sandbox URL", (CONTENT_TYPE,)),
}
_GETS = {
    "/v1/packages/{id}": "The public side of a package",
    "/v1/service": "Slots, and how much waits",
    "/v1/ping": "SandboxFusion: pong",
    "/api/v2/runtimes": "Piston: what /api/v2/execute runs, with versions",
    "/healthz": "The process is alive",
    "/readyz": "It takes new requests",
    "/metrics": "Prometheus's text format",
    "/openapi.json": "This document",
}


def document() -> dict[str, Any]:
    """The document, OpenAPI 3.1."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for path, (text, form) in _POSTS.items():
        if isinstance(form, tuple):
            binary = {"schema": {"type": "string", "format": "binary"}}
            content: dict[str, Any] = dict.fromkeys(form, binary)
        else:
            schema = form.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs", {})
            schemas[form.__name__] = schema
            content = {
                "application/json": {"schema": {"$ref": f"#/components/schemas/{form.__name__}"}}
            }
        body = {"required": True, "content": content}
        paths[path] = {"post": {"summary": text, "requestBody": body, "responses": _RESPONSES}}
    for path, text in _GETS.items():
        operation: dict[str, Any] = {"summary": text, "responses": {"200": {"description": "ok"}}}
        if "{id}" in path:
            operation["parameters"] = [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
            ]
        paths[path] = {"get": operation}
    return {
        "openapi": "3.1.0",
        "info": {"title": "solver sandbox serve", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


_RESPONSES = {
    "200": {"description": "done; what a program did wrong is in the body"},
    "400": {"description": "cannot be run as it stands"},
    "401": {"description": "a token is needed"},
    "404": {"description": "nothing of that id or digest is kept here"},
    "413": {"description": "the body is too large"},
    "422": {"description": "the body is not what it should be"},
    "429": {"description": "full: come again after Retry-After"},
    "500": {"description": "the service failed; never a verdict"},
    "504": {"description": "/run_code: full; come again"},
}
