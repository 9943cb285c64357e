"""Measures that features are made of, each against numbers counted by hand."""

import numpy as np

from solver.scorer.features import NAMES, features_of
from solver.scorer.measures import slowness

SLOWNESS = NAMES.index("CPU time over that of the cluster's fastest (log)")


def test_slowness_is_told_within_a_cluster():
    used_s = np.array([[0.1, 0.1], [0.4, 0.4], [0.8, 0.8], [0.001, 5.0]], dtype=np.float32)
    label = np.array([[0, 0], [0, 1], [1, 1], [0, -1]], dtype=np.int32)
    found = slowness(used_s, label, floor_s=0.002)
    # The first subtask's cluster 0 has a member below what can be measured: it counts as 2 ms.
    expected = np.log([[50.0, 1.0], [200.0, 1.0], [1.0, 2.0], [1.0, 1.0]])
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_feature_of_slowness_is_that_measure(record):
    cpu_s = np.where(np.arange(len(record.candidates)) % 2, 0.04, 0.01).astype(np.float32)
    behaviour = record.behaviour
    timed = type(behaviour)(
        **{name: getattr(behaviour, name) for name in behaviour.__slots__ if name != "cpu_s"},
        cpu_s=np.repeat(cpu_s[:, None], behaviour.status.shape[1], axis=1),
    )
    feature = features_of(record.candidates, timed, record.clusters, record.task)[:, :, SLOWNESS]
    label = record.clusters.label[:, 0]
    largest = np.flatnonzero(label == 0)
    assert {0, 1} == set(largest % 2)
    np.testing.assert_allclose(feature[largest, 0], np.log(4.0) * (largest % 2), rtol=1e-5)
