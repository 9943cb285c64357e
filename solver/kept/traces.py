"""OpenTelemetry, where it is asked for: spans of the stages, sent as OTLP over HTTP.

Asked for is it by the standard variables of the environment (`OTEL_EXPORTER_OTLP_ENDPOINT`, or
`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`; `OTEL_SDK_DISABLED=true` takes it back), which also say the
headers, the service's name and how much is sampled. Spans carry names and counts, never a program,
an answer or a credential. Without them, or without the extra `otel`, a span costs nothing.
"""

import functools
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_SERVICE = "OTEL_SERVICE_NAME"


@contextmanager
def span(name: str, **attributes: str | int | float) -> Iterator[None]:
    """What happens in the block, by its name; a failure's kind is the span's status."""
    tracer = _tracer()
    if tracer is None:
        yield
        return
    named = {f"solver.{key}": value for key, value in attributes.items()}
    # An error's own words may quote what a server said or a program is: only its kind is told.
    with tracer.start_as_current_span(
        name, attributes=named, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except BaseException as error:
            from opentelemetry.trace import Status, StatusCode

            current.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def flush() -> None:
    """Sends what waits to be sent; a collector that does not answer is no failure of a run."""
    if (provider := _provider()) is not None:
        provider.force_flush(5000)


def is_asked() -> bool:
    """Whether the environment names where spans go."""
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not disabled and any(os.environ.get(name) for name in ENDPOINTS)


def _tracer() -> Any:
    provider = _provider()
    return None if provider is None else provider.get_tracer("solver")


@functools.cache
def _provider() -> Any:
    """Made at the first span of the process: the environment is read once."""
    if not is_asked():
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logging.getLogger(__name__).warning(
            "%s is set, and no span is sent: pip install 'contest-solver[otel]'",
            next(name for name in ENDPOINTS if os.environ.get(name)),
        )
        return None
    name = {} if os.environ.get(_SERVICE) else {"service.name": "solver"}
    provider = TracerProvider(resource=Resource.create(name))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
