"""How the threads of torch and llama.cpp wait for one another on a CPU."""

import os


def let_threads_sleep() -> None:
    """Threads that wait sleep, unless the user's environment says otherwise.

    OpenMP's spin: on a machine with other work they burn the time of the thread that they wait for.
    To be called before torch or llama.cpp is imported: the libraries look once.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
