"""Modules that scripts of users import are found where they have been."""

import importlib

import pytest

DOORS = {
    **{
        f"solver.judges.{name}": f"solver.judges.clients.{name}"
        for name in ("cms", "contest_api", "domjudge", "kattis", "ledger", "transport")
    },
    "solver.sampling.extraction": "solver.sampling.answers.extraction",
    "solver.sampling.dedup": "solver.sampling.answers.dedup",
    "solver.sampling.pool": "solver.sampling.pools.pool",
}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_leads_to_the_module(door: str) -> None:
    here, there = importlib.import_module(door), importlib.import_module(DOORS[door])
    own = {
        name
        for name, value in vars(there).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == there.__name__
    }
    assert own <= set(here.__all__)
    assert all(getattr(here, name) is getattr(there, name) for name in own)
