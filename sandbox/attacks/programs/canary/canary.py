"""As canary.c, for what a hostile Python program could leave to later ones."""

import os
import random
import sys

print(sorted(os.listdir(".")))
print(sys.path, sys.flags, sorted(sys.modules))
print(random.__file__, "sitecustomize" in sys.modules, "usercustomize" in sys.modules)
print(random.Random(1).random())
