"""Room for descriptors: large results and placed content hold one each."""

import contextlib
import resource

ENOUGH = 65536


def raise_soft_limit() -> int:
    """Raises this process's own soft limit of open descriptors as far as it is useful and allowed.

    A shell's usual 1,024 is there for programs that call select(2); we do not.

    Returns:
        The limit that is in force now.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
