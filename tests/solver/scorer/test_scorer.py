"""The scorer: features that read nothing they must not, training, calibration, its file."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import save_file
from worlds import make_record

from solver.errors import SolverError
from solver.observing.cluster import by_behaviour
from solver.observing.families import families_of
from solver.replays.evaluation import evaluate, labelled, ranking
from solver.replays.record import read_record, write_record
from solver.scorer import estimate
from solver.scorer.calibration import fit_logistic, reliability
from solver.scorer.encoder import Encoder
from solver.scorer.explain import contributions
from solver.scorer.features import NAMES, features_of, names_now
from solver.scorer.model import DEFAULT_WEIGHTS, load_scorer
from solver.scorer.threads import one_thread
from solver.scorer.training import TrainConfig, train
from solver.types import RunStatus

ROOT = Path(__file__).parents[3]

QUICK = TrainConfig(epochs=40, folds=2)


@pytest.fixture(scope="module")
def records():
    return {
        f"m{seed}": make_record(seed, programs=150, contest=f"c{seed % 3}") for seed in range(4)
    }


def test_every_feature_has_a_name_of_its_own_and_is_finite(record):
    assert len(set(NAMES)) == len(NAMES) == record.features.shape[2]
    assert np.isfinite(record.features).all()


def test_the_time_of_a_program_is_that_of_its_slowest_input_of_the_subtask(record):
    behaviour = record.behaviour
    most_s = behaviour.cpu_s.max()
    place = NAMES.index("largest CPU time over the pool's largest (log)")
    for row, s in ((0, 0), (7, 1), (30, 2)):
        own = behaviour.cpu_s[row, behaviour.in_subtask[:, s]]
        wanted = np.log(own.max() / most_s + 0.01)
        assert record.features[row, s, place] == pytest.approx(wanted, abs=1e-5)


def test_features_do_not_read_names_order_or_origin(record):
    order = np.random.default_rng(0).permutation(len(record.candidates))
    moved = tuple(
        dataclasses.replace(record.candidates[index], id=f"other{place}", model="who knows")
        for place, index in enumerate(order)
    )
    behaviour = record.behaviour
    changed = dataclasses.replace(
        behaviour,
        candidate_ids=tuple(one.id for one in moved),
        status=behaviour.status[order],
        digest=behaviour.digest[order],
        cpu_s=behaviour.cpu_s[order],
    )
    clusters = dataclasses.replace(
        record.clusters, label=record.clusters.label[order], near=record.clusters.near[order]
    )
    found = features_of(moved, changed, clusters, record.task)
    assert found == pytest.approx(record.features[order], abs=1e-5)


def test_a_scorer_ranks_tasks_it_never_saw(records):
    found = evaluate(records, QUICK)
    assert np.mean([row.auc for row in found.tasks]) > 0.8
    assert found.reliability.ece < 0.1
    for name, record in records.items():
        assert (found.probability[name][record.clusters.label < 0] == 0).all()


def test_training_is_repeatable_and_survives_its_file(records, tmp_path):
    data = [labelled(record) for record in records.values()]
    one = train(data, QUICK, {"command": "test"})
    two = train(data, QUICK, {"command": "test"})
    known = data[0].features, data[0].label
    assert one.probability(*known) == pytest.approx(two.probability(*known))
    one.save(tmp_path / "s.safetensors")
    back = load_scorer(tmp_path / "s.safetensors")
    assert back.notes["command"] == "test"
    assert back.probability(*known) == pytest.approx(one.probability(*known))


def test_nothing_right_is_nothing_to_learn(records):
    data = [
        dataclasses.replace(labelled(record), right=np.zeros_like(record.truth.right))
        for record in records.values()
    ]
    with pytest.raises(SolverError, match="nothing to learn from"):
        train(data, QUICK, {})


def test_a_missing_file_says_what_makes_one(tmp_path):
    with pytest.raises(SolverError, match="solver scorer train"):
        load_scorer(tmp_path / "none.safetensors")


def test_a_file_of_several_networks_is_refused(tmp_path):
    """What is in such a file would otherwise be left out without a word."""
    with safe_open(DEFAULT_WEIGHTS, framework="np") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        about = file.metadata()
    save_file(tensors, tmp_path / "one.safetensors", metadata=about)
    load_scorer(tmp_path / "one.safetensors")
    more = tensors | {f"1.{key[2:]}": tensors[key] for key in tensors if key.startswith("0.")}
    save_file(more, tmp_path / "two.safetensors", metadata=about)
    with pytest.raises(SolverError, match="another kind of network"):
        load_scorer(tmp_path / "two.safetensors")


def test_the_shipped_weights_say_how_they_were_made_and_give_probabilities(record):
    notes = load_scorer(DEFAULT_WEIGHTS).notes
    assert "solver scorer train" in notes["command"] and notes["tasks"]
    found = estimate(record.candidates, record.behaviour, record.clusters, record.task)
    assert found.probability.shape == record.clusters.label.shape
    assert ((found.probability >= 0) & (found.probability <= 1)).all()
    right = record.truth.right[:, -1]
    assert found.probability[right, -1].mean() > found.probability[~right, -1].mean()


def test_reliability_of_true_and_of_boastful_predictions():
    rng = np.random.default_rng(0)
    chance = rng.random(20000)
    happened = rng.random(20000) < chance
    assert reliability(chance, happened).ece < 0.02
    assert reliability(np.ones(20000), happened).ece == pytest.approx(0.5, abs=0.02)


def test_platt_repairs_overconfident_logits():
    rng = np.random.default_rng(1)
    logits = rng.normal(size=5000)
    happened = rng.random(5000) < 1 / (1 + np.exp(-logits))

    def platt(inputs):
        return fit_logistic(inputs[:, None], happened, np.ones(5000), np.ones(1)).tolist()

    true_slope, true_offset = platt(logits)
    assert true_slope == pytest.approx(1.0, abs=0.15)
    # The same line through logits that were stretched and moved.
    slope, offset = platt(3.0 * logits + 1.0)
    assert slope == pytest.approx(true_slope / 3, abs=0.01)
    assert offset == pytest.approx(true_offset - true_slope / 3, abs=0.01)


def test_ranking_counts_ties_half():
    predicted = np.array([0.9, 0.9, 0.1])
    auc, top = ranking(predicted, np.array([True, False, False]))
    assert auc == 0.75 and top == 1.5
    assert ranking(predicted, np.zeros(3, dtype=bool)) is None


def test_an_estimate_is_explained_by_its_features(records):
    data = [labelled(record) for record in records.values()]
    scorer = train(data, QUICK, {})
    features = data[0].features
    moves = contributions(scorer, features[0, 0], np.median(features[:, 0], axis=0))
    assert {name for name, _, _, _ in moves} == set(NAMES)
    sizes = [abs(move) for _, _, _, move in moves]
    assert sizes == sorted(sizes, reverse=True)


def test_families_join_what_was_written_alike():
    body = "\n".join(f"int f{k}(int x) {{ return x * {k} + y[{k}]; }}" for k in range(30))
    other = "\n".join(f"while (q{k} < z) {{ q{k} += w[{k}] % 7; push({k}); }}" for k in range(30))
    family = families_of([body, body.replace("x * 3 ", "x + 3 "), other])
    assert family[0] == family[1] != family[2]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    """A real transformer of random weights with a tokenizer of its own, made here."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("encoder")
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=["[UNK]", "[PAD]"])
    tokenizer.train_from_iterator(["int main() { return 0; }", "for (;;) x += 1;"], trainer)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]"
    ).save_pretrained(folder)
    config = BertConfig(
        vocab_size=300,
        hidden_size=24,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=96,
    )
    BertModel(config).save_pretrained(folder)
    return f"hf:{folder}"


def test_an_encoder_reads_each_program_alike_alone_and_in_company(encoder):
    reader = Encoder(encoder)
    sources = ["int main() { return 0; }", "for (;;) x += 1;", "int main() { return 0; }" * 40]
    together = reader.embed("Add two numbers.", sources)
    assert together.shape == (3, 24)
    alone = reader.embed("Add two numbers.", sources[1:2])
    assert alone[0] == pytest.approx(together[1], abs=1e-5)
    assert abs(reader.embed("Sort a list.", sources[:1])[0] - together[0]).max() > 1e-4


def test_a_missing_encoder_is_told(tmp_path):
    with pytest.raises(SolverError, match="no model that can be loaded"):
        Encoder(f"hf:{tmp_path}")
    with pytest.raises(SolverError, match="hf:FOLDER"):
        Encoder(str(tmp_path))


def test_embeddings_join_training_file_and_estimate(records, encoder, tmp_path):
    reader = Encoder(encoder)
    read = [
        dataclasses.replace(
            record,
            embedding=reader.embed("A task.", [one.source for one in record.candidates]),
            encoder=encoder,
        )
        for record in records.values()
    ]
    write_record(tmp_path / "r.npz", read[0])
    back = read_record(tmp_path / "r.npz")
    assert back.encoder == encoder and back.embedding.shape == read[0].embedding.shape
    data = [labelled(one) for one in read]
    made = train(data, QUICK, {}, encoder)
    made.save(tmp_path / "s.safetensors")
    loaded = load_scorer(tmp_path / "s.safetensors")
    assert loaded.encoder == encoder and loaded.projection.shape[0] == 24
    known = data[0].features, data[0].label
    with pytest.raises(SolverError, match="--encoder"):
        loaded.probability(*known)
    record = read[0]
    found = estimate(
        record.candidates,
        record.behaviour,
        record.clusters,
        record.task,
        weights=tmp_path / "s.safetensors",
    )
    assert ((found.probability >= 0) & (found.probability <= 1)).all()
    with pytest.raises(SolverError, match="no embedding"):
        train([labelled(one) for one in records.values()], QUICK, {}, encoder)


def test_a_pool_without_a_single_input_has_estimates_of_nothing(record):
    none = dataclasses.replace(
        record.behaviour,
        input_ids=(),
        status=record.behaviour.status[:, :0],
        digest=record.behaviour.digest[:, :0],
        cpu_s=record.behaviour.cpu_s[:, :0],
        in_subtask=record.behaviour.in_subtask[:0],
        expected=record.behaviour.expected[:0],
    )
    clusters = by_behaviour(none, record.task)
    found = estimate(record.candidates, none, clusters, record.task)
    assert np.isfinite(found.features).all() and not found.probability.any()


def test_the_shipped_scorer_gives_a_subtask_without_inputs_a_chance(record):
    inside = record.behaviour.in_subtask.copy()
    inside[:, 2] = False
    behaviour = dataclasses.replace(record.behaviour, in_subtask=inside)
    clusters = by_behaviour(behaviour, record.task)
    found = estimate(record.candidates, behaviour, clusters, record.task)
    ran = (behaviour.status == RunStatus.OK).any(axis=1)
    assert np.isfinite(found.features).all()
    assert (found.probability[ran, 2] > 0).all()
    assert found.probability[:, :2] == pytest.approx(record_estimate(record)[:, :2], abs=0.2)


def record_estimate(record):
    return estimate(record.candidates, record.behaviour, record.clusters, record.task).probability


def test_a_program_whose_log_probability_nobody_knows_stands_in_the_middle(record):
    mixed = tuple(
        dataclasses.replace(one, logprob=None if index % 3 == 0 else -0.1 - index / 1000)
        for index, one in enumerate(record.candidates)
    )
    features = features_of(mixed, record.behaviour, record.clusters, record.task)
    rank = features[:, 0, NAMES.index("log-probability (rank in pool)")]
    unknown = np.arange(len(mixed)) % 3 == 0
    assert (rank[unknown] == 0.5).all()
    known = rank[~unknown]
    assert (np.diff(known) < 0).all() and known[0] > 0.99 and known[-1] < 0.01


def test_records_and_weights_under_the_older_names_of_features_are_read(records, tmp_path):
    path = sorted((ROOT / "docs/data/choosing").glob("*.npz"))[0]
    with np.load(path) as held:
        stored = json.loads(held["about"].tobytes())["features"]
    assert stored != list(NAMES) and list(names_now(stored)) == list(NAMES)
    assert read_record(path).features.shape[2] == len(NAMES)
    scorer = train([labelled(one) for one in records.values()], QUICK, {})
    scorer.save(tmp_path / "s.safetensors")
    with safe_open(tmp_path / "s.safetensors", framework="np") as file:
        about = file.metadata()
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    save_file(tensors, tmp_path / "s.safetensors", {**about, "features": json.dumps(stored)})
    assert load_scorer(tmp_path / "s.safetensors").notes == scorer.notes
    other = ["no such feature", *stored[1:]]
    save_file(tensors, tmp_path / "s.safetensors", {**about, "features": json.dumps(other)})
    with pytest.raises(SolverError, match="other features"):
        load_scorer(tmp_path / "s.safetensors")


def test_torch_has_its_threads_back_after_an_estimate_and_after_training(records):
    data = [labelled(record) for record in records.values()]
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        scorer = train(data, QUICK, {})
        assert torch.get_num_threads() == 3
        scorer.probability(data[0].features, data[0].label)
        assert torch.get_num_threads() == 3
        with pytest.raises(ZeroDivisionError), one_thread():
            assert torch.get_num_threads() == 1
            raise ZeroDivisionError
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
