"""Event streams from bytes: line ends of the standard and no others, however the bytes are cut."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.sampling.engines.openai_events import events_of

ENDS = ["\n", "\r\n", "\r"]
TEXTS = ["plain", "line\u2028sep", "par\u2029sep", "next\x85line", 'quote " and \\n', "ünï"]


@given(
    texts=st.lists(st.sampled_from(TEXTS), min_size=1, max_size=5),
    end=st.sampled_from(ENDS),
    cuts=st.lists(st.integers(1, 400), max_size=8),
    space=st.booleans(),
)
def test_events_survive_any_cut_and_any_line_end(
    texts: list[str], end: str, cuts: list[int], space: bool
) -> None:
    data = [json.dumps({"text": text}, ensure_ascii=False) for text in texts]
    head = "data: " if space else "data:"
    stream = "".join(f": comment{end}event: x{end}{head}{each}{end}{end}" for each in data)
    content = stream.encode()
    places = sorted({0, *(cut % (len(content) + 1) for cut in cuts), len(content)})
    chunks = [content[a:b] for a, b in itertools.pairwise(places)]
    assert list(events_of(chunks)) == data


@pytest.mark.parametrize(
    ("raw", "events"),
    [
        (b'data: {"a":\ndata: 1}\n\n', ['{"a":\n1}']),
        (b'data: {"a": 1}\ndata: [DONE]\n', ['{"a": 1}', "[DONE]"]),
        (b'error: {"code": 400}\n\n', ['{"error": {"code": 400}}']),
        (b'\xef\xbb\xbfdata: {"a": 1}\n\n', ['{"a": 1}']),
        (b"id: 7\nretry: 10\n\n: ping\n\n", []),
        (b'data: {"a": 1}', ['{"a": 1}']),
    ],
    ids=["lines-joined", "no-blank-lines", "error-field", "mark", "nothing", "no-end"],
)
def test_shapes(raw: bytes, events: list[str]) -> None:
    assert list(events_of([raw])) == events
