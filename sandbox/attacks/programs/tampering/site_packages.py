"""Plants modules that every later Python would import."""

import os
import site
import sys

places = [*sys.path, *site.getsitepackages(), site.getusersitepackages(), os.getcwd(), "/tmp"]
for folder in places:
    for name in ("sitecustomize.py", "usercustomize.py", "random.py", "attack_leftover.pth"):
        try:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name), "w") as stream:
                stream.write("print('POISON')\n")
            if folder.startswith("/usr"):
                print("ESCAPED", folder)
        except OSError:
            pass
