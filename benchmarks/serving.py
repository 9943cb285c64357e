"""What the service costs and gains: one JSON document, ratios taken side by side in one run.

benchmarks/serving.py speed      C++ programs of 20 tests each: our engine called directly, our own
                                 API, /run_code with and without compile hits, and /run_code of a
                                 plain subprocess service and of --other URL; --light: what does
                                 not compile, alone
benchmarks/serving.py torture    requests from many connections while workers, processes of HTTP
                                 and the owner are killed and clients leave
benchmarks/serving.py memory     resident memory over very many light requests
"""

import argparse
import json

from serving_parts.hurting import memory, torture
from serving_parts.speed import speed


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=("speed", "torture", "memory"), nargs="?", default="speed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--programs", type=int, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--every-s", type=float, default=0.5, help="torture: between kills")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--other", help="speed: URL of one more service of SandboxFusion's API")
    parser.add_argument("--other-pid", type=int, help="speed: its process, whose CPU time is read")
    parser.add_argument("--light", action="store_true", help="speed: nothing that compiles")
    options = parser.parse_args()
    parts = {"speed": speed, "torture": torture, "memory": memory}
    print(json.dumps({"part": options.part, **parts[options.part](options)}, indent=1))


if __name__ == "__main__":
    main()
