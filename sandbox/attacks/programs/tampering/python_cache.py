"""Plants compiled modules in __pycache__, beside its own source and in the library."""

import os
import sys

tag = sys.implementation.cache_tag
for folder in {os.path.dirname(os.path.abspath(__file__)), os.getcwd(), os.path.dirname(os.__file__)}:
    try:
        os.makedirs(os.path.join(folder, "__pycache__"), exist_ok=True)
        with open(os.path.join(folder, "__pycache__", f"canary.{tag}.pyc"), "wb") as stream:
            stream.write(b"POISON")
        if folder.startswith("/usr"):
            print("ESCAPED", folder)
    except OSError:
        pass
print("main is done")
