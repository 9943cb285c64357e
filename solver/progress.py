"""How something long says how far it is; a file of its own: `solver doctor` must start fast."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, all) while something long goes on."""
