"""llama.cpp inside the process: a tiny GGUF made here, and the embedded default where it lies."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny import make_tiny_gguf

from solver.errors import ModelUnavailable
from solver.sampling.answers.extraction import extract
from solver.sampling.engine import Message, Request, SamplingParameters
from solver.sampling.engines.embedded import EmbeddedEngine
from solver.sampling.models import default_model, is_there
from solver.sampling.open import open_engine

pytest.importorskip("xllamacpp", reason="xllamacpp has no wheel for this platform")


def requests_for(count: int, text: str = "add", **parameters: object) -> list[Request]:
    fields: dict[str, object] = {"max_tokens": 16, "temperature": 0.9} | parameters
    return [
        Request(
            messages=(Message(role="user", content=text),),
            parameters=SamplingParameters(**fields),  # type: ignore[arg-type]
            seed=3,
            index=index,
        )
        for index in range(count)
    ]


@pytest.fixture(scope="module")
def tiny_gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_gguf(tmp_path_factory.mktemp("gguf") / "tiny.gguf")


@pytest.fixture(scope="module")
def engine(tiny_gguf: Path) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(tiny_gguf, slots=4)
    yield engine
    engine.close()


def test_answers_come_once_each_several_to_a_request(engine: EmbeddedEngine) -> None:
    wanted = requests_for(10) + requests_for(3, "subtract")
    got = list(engine.sample(wanted))
    assert Counter(request for request, _ in got) == Counter(wanted)
    for _, answer in got:
        assert 0 < answer.tokens <= 16
        assert answer.logprob is not None
        assert answer.logprob < 0
    assert len({answer.text for _, answer in got}) > 6
    assert sum(answer.prompt_tokens for _, answer in got) > 10
    assert engine.refused_parts == frozenset()
    assert engine.chat


def test_no_more_threads_than_cores_of_this_process(
    tiny_gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container often has a few of a machine's cores."""
    monkeypatch.setattr(os, "cpu_count", lambda: 48)
    before = len(list(Path("/proc/self/task").iterdir()))
    engine = EmbeddedEngine(tiny_gguf, slots=1)
    try:
        assert len(list(engine.sample(requests_for(1)))) == 1
        assert len(list(Path("/proc/self/task").iterdir())) - before < 40
    finally:
        engine.close()


def test_stop_ends_the_drawing(engine: EmbeddedEngine) -> None:
    got: list[Request] = []
    for request, _ in engine.sample(requests_for(40), stop=lambda: len(got) >= 4):
        got.append(request)
    assert 4 <= len(got) <= 8


def test_a_gguf_file_is_named_on_the_command_line(tiny_gguf: Path) -> None:
    opened = open_engine(f"gguf:{tiny_gguf}")
    assert (opened.name, opened.model) == ("embedded", "tiny.gguf")
    opened.close()


def test_files_that_are_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no\.gguf: no such file; `solver model fetch`"):
        EmbeddedEngine(tmp_path / "no.gguf")
    (tmp_path / "text.gguf").write_text("not a model")
    with pytest.raises(ModelUnavailable, match=r"text\.gguf: not a GGUF file"):
        EmbeddedEngine(tmp_path / "text.gguf")
    (tmp_path / "cut.gguf").write_bytes(b"GGUF\x03\0\0\0")
    with pytest.raises(ModelUnavailable, match=r"cut\.gguf: llama\.cpp cannot load it"):
        EmbeddedEngine(tmp_path / "cut.gguf")


# Seconds on a machine of its own, minutes where its threads are starved.
@pytest.mark.slow
def test_the_embedded_default_writes_programs() -> None:
    if not is_there(default_model()):
        pytest.skip("the embedded model was not fetched: `solver model fetch` (490 MB)")
    engine = EmbeddedEngine(default_model().path, slots=4)
    text = "Write a Python program that reads two integers from one line and prints their sum."
    got = list(engine.sample(requests_for(4, text, max_tokens=96, temperature=0.2)))
    engine.close()
    assert len(got) == 4
    programs = [extract(answer.text, "python3", answer.finish).source for _, answer in got]
    assert any(program is not None and "input(" in program for program in programs)


def first_tokens(engine: EmbeddedEngine, **parameters: object) -> set[str]:
    wanted = requests_for(64, max_tokens=1, temperature=5.0, **parameters)
    return {answer.text for _, answer in engine.sample(wanted)}


def test_temperature_comes_before_what_takes_tokens_away(engine: EmbeddedEngine) -> None:
    """llama.cpp alone would take the unlikely ones away first, by defaults that nobody stated, and
    draw from a few at any temperature."""
    everything = len(first_tokens(engine, top_p=1.0))
    assert everything > 24
    # At temperature 5 the nucleus is wide; before it, it would be a token or two.
    assert len(first_tokens(engine, top_p=0.95)) > 0.7 * everything
    assert len(first_tokens(engine, top_p=1.0, min_p=0.05)) > 0.5 * everything
    assert len(first_tokens(engine, top_p=1.0, top_k=5)) <= 5


def test_one_more_answer_than_there_are_slots(engine: EmbeddedEngine) -> None:
    """llama.cpp answers n above its slots with 400; a user's own server may have four."""
    from solver.sampling.engines.openai import OpenAIEngine

    client = OpenAIEngine(engine.base_url, "tiny", together=8, most_in_flight=1)
    client.check()
    wanted = requests_for(8)
    got = dict(client.sample(wanted))
    client.close()
    assert got.keys() == set(wanted)
    assert client.refused_parts == frozenset()


def test_the_seed_of_the_first_of_several_answers(engine: EmbeddedEngine) -> None:
    from solver.sampling.engines.openai import OpenAIEngine

    wanted = requests_for(4, max_tokens=6)
    together = {request: answer.text for request, answer in engine.sample(wanted)}
    client = OpenAIEngine(engine.base_url, "tiny", together=1, most_in_flight=1)
    client.check()
    alone = {request: answer.text for request, answer in client.sample(wanted)}
    client.close()
    # Sums in another order may turn one token in many; another seed would turn the first of all.
    assert sum(alone[request] == together[request] for request in wanted) >= 3
    assert len(set(alone.values())) == 4
