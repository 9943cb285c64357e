"""A process that draws a round and says how far it is: the one that the kill tests kill."""

import sys
from pathlib import Path

from problems.loading import load_task
from solver.kept.samples import RunFolder
from solver.sampling.config import SamplingConfig
from solver.sampling.draw import Budget, draw_round
from solver.sampling.engines.openai import OpenAIEngine


def main() -> None:
    run, url, task, samples, together = sys.argv[1:]
    config = SamplingConfig(samples=int(samples), helpers=4, languages=("python3",))
    engine = OpenAIEngine(url, "stub", together=int(together), most_in_flight=8, rest_s=0.02)
    with RunFolder(Path(run)) as folder:
        draw_round(
            load_task(Path(task)),
            engine,
            folder,
            config,
            Budget(config),
            lambda done, total: print(done, flush=True),
        )
    engine.close()


if __name__ == "__main__":
    main()
