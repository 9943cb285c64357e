"""transformers in the process: a tiny model with random weights through the real classes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.errors import ModelUnavailable
from solver.sampling.engine import Message, Request, SamplingParameters
from solver.sampling.engines.hf import HfEngine
from solver.sampling.engines.hf_load import find_model, has_chat_template, load

pytestmark = [
    # Raised inside transformers and torch, by calls that are theirs.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def requests_for(count: int, *, seed: int = 1, **parameters: object) -> list[Request]:
    fields: dict[str, object] = {"max_tokens": 24, "temperature": 0.9} | parameters
    return [
        Request(
            messages=(Message(role="user", content="sum " * (1 + index % 3)),),
            parameters=SamplingParameters(**fields),  # type: ignore[arg-type]
            seed=seed,
            index=index,
        )
        for index in range(count)
    ]


@pytest.fixture
def engine(tiny_chat: Path) -> Iterator[HfEngine]:
    engine = HfEngine(str(tiny_chat), batch=4, device="cpu")
    yield engine
    engine.close()


def test_a_batch_answers_every_request_once(engine: HfEngine) -> None:
    wanted = requests_for(10)
    got = list(engine.sample(wanted))
    assert [request for request, _ in got] == wanted
    for _, answer in got:
        assert 0 < answer.tokens <= 24
        assert answer.finish in ("stop", "length")
        assert answer.logprob is not None
        assert answer.logprob < 0
    assert len({answer.text for _, answer in got}) > 1
    assert engine.chat


def test_the_same_seed_gives_the_same_answers(engine: HfEngine) -> None:
    first = [answer.text for _, answer in engine.sample(requests_for(4))]
    again = [answer.text for _, answer in engine.sample(requests_for(4))]
    other = [answer.text for _, answer in engine.sample(requests_for(4, seed=2))]
    assert first == again
    assert first != other


def test_padding_changes_no_greedy_answer(engine: HfEngine) -> None:
    wanted = requests_for(3, temperature=0.0)
    together = {request.index: answer.text for request, answer in engine.sample(wanted)}
    for request in wanted:
        ((_, alone),) = engine.sample([request])
        assert alone.text == together[request.index]


def test_mean_logprob_is_that_of_the_model(engine: HfEngine, tiny_chat: Path) -> None:
    import torch

    from solver.sampling.engines.hf_text import prompt_ids

    ((request, answer),) = engine.sample(requests_for(1, temperature=0.7, top_p=0.8))
    loaded = load(tiny_chat, "cpu")
    prompt = prompt_ids(loaded, request.messages)
    tokens = loaded.tokenizer(answer.text, add_special_tokens=False)["input_ids"]
    if loaded.tokenizer.decode(tokens) != answer.text or len(tokens) != answer.tokens:
        pytest.skip("random bytes that the tokenizer does not give back token by token")
    with torch.no_grad():
        logits = loaded.model(torch.tensor([prompt + tokens])).logits[0]
    steps = torch.log_softmax(logits.float(), dim=-1)[len(prompt) - 1 : -1]
    chosen = [float(steps[place, token]) for place, token in enumerate(tokens)]
    # The last token's own log-probability is not known to the engine.
    assert answer.logprob == pytest.approx(sum(chosen[:-1]) / (len(chosen) - 1), abs=1e-3)


def test_stop_ends_after_the_batch_under_way(engine: HfEngine) -> None:
    got: list[Request] = []
    for request, _ in engine.sample(requests_for(20), stop=lambda: len(got) >= 3):
        got.append(request)
    assert len(got) == 4


def test_continuous_batching(tiny_chat: Path) -> None:
    engine = HfEngine(str(tiny_chat), batch=4, device="cpu", continuous=True)
    wanted = requests_for(9)
    got = list(engine.sample(wanted))
    engine.close()
    assert {request for request, _ in got} == set(wanted)
    assert len(got) == len(wanted)
    for _, answer in got:
        assert 0 < answer.tokens <= 24
        assert answer.logprob is not None


def test_one_process_each_for_two_copies(tiny_chat: Path) -> None:
    engine = HfEngine(str(tiny_chat), batch=3, device="cpu", processes=2)
    wanted = requests_for(14)
    got = list(engine.sample(wanted))
    again = list(engine.sample(wanted[:3]))
    engine.close()
    assert {request for request, _ in got} == set(wanted)
    assert len(got) == len(wanted)
    assert len(again) == 3


def test_a_base_model_continues_the_text(tiny_base: Path) -> None:
    engine = HfEngine(str(tiny_base), batch=2, device="cpu")
    assert not engine.chat
    got = list(engine.sample(requests_for(2, stop=("\n",))))
    engine.close()
    assert len(got) == 2
    assert all("\n" not in answer.text for _, answer in got)


def test_what_a_folder_says_of_turns(tiny_chat: Path, tiny_base: Path, tmp_path: Path) -> None:
    assert has_chat_template(tiny_chat) is True
    assert has_chat_template(tiny_base) is False
    assert has_chat_template(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("./no/such/folder", r"no such model folder.*hub name as"),
        ("/no/such/folder", "no such model folder"),
        ("no-such-folder", "no such model folder"),
        ("organisation/no-such-model", "no such folder here, and the model hub did not give it"),
    ],
)
def test_a_model_that_is_not_there(name: str, said: str) -> None:
    with pytest.raises(ModelUnavailable, match=said):
        find_model(name)


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no model in it: config\.json"):
        find_model(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"\0" * 64)
    with pytest.raises(ModelUnavailable, match="transformers cannot load it"):
        load(find_model(str(tmp_path)), "cpu")
    (tmp_path / "model.txt").write_text("x")
    with pytest.raises(ModelUnavailable, match=r"a folder or a \.gguf file"):
        find_model(str(tmp_path / "model.txt"))


@pytest.mark.parametrize("turns", [("the same for all",) * 3, ("one", "and two", "and three of")])
def test_a_shared_start_that_is_read_once_changes_no_answer(
    engine: HfEngine, turns: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    from solver.sampling.engines import hf_generate

    wanted = [
        Request(
            messages=(Message(role="user", content=f"write a program that sums {turn}"),),
            parameters=SamplingParameters(max_tokens=24, temperature=0.0),
            seed=1,
            index=index,
        )
        for index, turn in enumerate(turns)
    ]
    read: list[int] = []
    real = hf_generate._read
    monkeypatch.setattr(
        hf_generate,
        "_read",
        lambda loaded, ids, rows: read.append(len(ids)) or real(loaded, ids, rows),
    )
    shared = [(answer.text, answer.prompt_tokens) for _, answer in engine.sample(wanted)]
    assert read[0] >= hf_generate.SHARED_TOKENS
    monkeypatch.setattr(hf_generate, "_common", lambda prompts: 0)
    alone = [(answer.text, answer.prompt_tokens) for _, answer in engine.sample(wanted)]
    assert read[1] == 0
    assert shared == alone


@pytest.mark.parametrize("top_k", [None, 1, 40])
@pytest.mark.parametrize("top_p", [0.0, 0.3, 0.95, 1.0])
def test_the_nucleus_is_that_of_transformers(top_k: int | None, top_p: float) -> None:
    import torch
    from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    from solver.sampling.engines.hf_processors import NUCLEUS_TOKENS, Nucleus

    torch.manual_seed(5)
    # One row of a sure model, one of a model that knows nothing: its nucleus is wider than looked.
    scores = torch.randn(2, 4 * NUCLEUS_TOKENS) * torch.tensor([[8.0], [0.5]])
    ids = torch.zeros(2, 1, dtype=torch.long)
    for rows in (scores[:1], scores):
        expected = TemperatureLogitsWarper(0.7)(ids, rows)
        if top_k is not None:
            expected = TopKLogitsWarper(top_k)(ids, expected)
        expected = TopPLogitsWarper(top_p)(ids, expected)
        got = Nucleus(SamplingParameters(temperature=0.7, top_k=top_k, top_p=top_p))(ids, rows)
        assert torch.equal(torch.isfinite(got), torch.isfinite(expected))
        assert torch.allclose(got.nan_to_num(neginf=-1e9), expected.nan_to_num(neginf=-1e9))


def test_threads_sleep_from_before_torch_is_there(tiny_chat: Path) -> None:
    """OpenMP looks once, when torch is loaded: threads that spin cost a busy machine four times the
    time."""
    watch = (
        "import os, sys\n"
        "class Watch:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'torch':\n"
        "            print(os.environ.get('OMP_WAIT_POLICY'), flush=True)\n"
        "            os._exit(0)\n"
        "sys.meta_path.insert(0, Watch())\n"
        "from solver.sampling.engines.hf import HfEngine\n"
        f"HfEngine({str(tiny_chat)!r})\n"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("OMP_WAIT")}
    ended = subprocess.run([sys.executable, "-c", watch], env=env, capture_output=True, text=True)
    assert ended.stdout == "PASSIVE\n", ended.stderr
