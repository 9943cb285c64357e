"""Prints every small file that it can read outside of the system's own folders."""

import os

SKIP = ("/usr", "/proc", "/sys", "/lib", "/lib64", "/bin", "/sbin")
printed = 0
for folder, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if not os.path.join(folder, f).startswith(SKIP)]
    for name in files:
        path = os.path.join(folder, name)
        try:
            if printed < 700_000 and os.path.isfile(path) and os.path.getsize(path) < 50_000:
                with open(path, "rb") as stream:
                    content = stream.read(50_000)
                printed += len(content)
                os.write(1, path.encode(errors="replace") + b"\n" + content)
        except OSError:
            pass
