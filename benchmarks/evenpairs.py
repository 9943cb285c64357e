"""A made task on which nothing large is ever run unless it is asked for; prints one JSON document.

    python benchmarks/evenpairs.py [--seeds 10] [--breaking off]

The sum of distances over all pairs of up to 200,000 numbers. The generators write at most 40
numbers, so on their inputs a double loop does as well as a sort. Of 24 programs 15 are right, two
are double loops, seven are wrong. Drawn at random, the first submission is right 62 times of 100.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from problems.task import Example, Statement, Subtask, Task, TaskLimits, TaskType
from sandbox import open_sandbox
from sandbox.compiling.compile import Compiler
from solver.breaking.config import BreakingConfig
from solver.observed import ObservingConfig, observe_all
from solver.observing.bench import Bench
from solver.observing.inputs import InputsConfig
from solver.pipeline import plan
from solver.prepared import PreparedTask
from solver.scorer import estimate
from solver.strategies.base import View
from solver.types import Candidate, FeedbackMode, HelperKind, HelperProgram

STATEMENT = """On a straight road stand n lamps; lamp i stands at kilometre a_i. The inspector
drives between every two of them once. How far is that in all?

The first line holds n (1 <= n <= 200 000). The second line holds n integers a_i
(0 <= a_i <= 10^6). Print one number: the sum of |a_i - a_j| over all pairs i < j."""

TASK = Task(
    name="roadlamps",
    title="Road lamps",
    type=TaskType.BATCH,
    statement=Statement(text=STATEMENT),
    subtasks=(Subtask(name="all", max_points=1.0),),
    examples=(Example(name="1", input=b"4\n2 9 4 4\n", output=b"21\n"),),
    limits=TaskLimits(time_s=1.0, memory_bytes=256 * 2**20),
    scored=False,
)

GENERATOR = """import random, sys
r = random.Random(int(sys.argv[1]))
n = r.randint(1, {most})
print(n)
print(*[r.randint(0, {high}) for _ in range(n)])
"""
VALIDATOR = """import re, sys
text = sys.stdin.read()
lines = text.split("\\n")
ok = len(lines) == 3 and lines[2] == "" and re.fullmatch(r"\\d+", lines[0])
if ok:
    n, a = int(lines[0]), lines[1].split(" ")
    ok = 1 <= n <= 200000 and len(a) == n and all(re.fullmatch(r"\\d{1,7}", v) for v in a)
    ok = ok and all(int(v) <= 10**6 for v in a)
sys.exit(0 if ok else 1)
"""

READERS = {
    "scanf": 'static int next(void) { int v; if (scanf("%d", &v) != 1) return 0; return v; }',
    "getchar": """static int next(void) {
    int c = getchar(), v = 0;
    while (c == ' ' || c == '\\n' || c == '\\r') c = getchar();
    while (c >= '0' && c <= '9') { v = v * 10 + c - '0'; c = getchar(); }
    return v;
}""",
    "fread": """static char text[1 << 22]; static size_t at, end;
static int next(void) {
    if (!end) end = fread(text, 1, sizeof text - 1, stdin);
    while (at < end && (text[at] < '0' || text[at] > '9')) at++;
    long v = 0;
    for (; at < end && text[at] >= '0' && text[at] <= '9'; at++) v = 10 * v + text[at] - '0';
    return (int) v;
}""",
}
HEAD = "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
RIGHT = {
    "sort": """static int a[200000];
static int by(const void *x, const void *y) { return *(const int *) x - *(const int *) y; }
int main(void) {
    int n = next(); long long sum = 0, before = 0;
    for (int i = 0; i < n; i++) a[i] = next();
    qsort(a, n, sizeof *a, by);
    for (int i = 0; i < n; i++) { sum += (long long) a[i] * i - before; before += a[i]; }
    printf("%lld\\n", sum);
}""",
    "count": """static int many[1000001];
int main(void) {
    int n = next(); long long seen = 0, total = 0, result = 0;
    for (int left = n; left > 0; left--) many[next()]++;
    for (long long place = 0; place <= 1000000; place++) {
        result += many[place] * (seen * place - total);
        seen += many[place]; total += many[place] * place;
    }
    printf("%lld\\n", result);
}""",
    "gaps": """static int lamps[1000002];
int main(void) {
    int n = next(); unsigned long long road = 0; long long left = 0;
    for (int k = 0; k < n; ++k) ++lamps[next()];
    for (int km = 0; km < 1000000; ++km) { left += lamps[km]; road += left * (n - left); }
    printf("%llu\\n", road);
}""",
    "fenwick": """static long long cnt[1 << 20], val[1 << 20];
int main(void) {
    int n = next(); long long out = 0, all = 0;
    for (int i = 0; i < n; i++) {
        int x = next(); long long c = 0, s = 0;
        for (int p = x + 1; p > 0; p &= p - 1) { c += cnt[p]; s += val[p]; }
        out += c * x - s + (all - s) - (i - c) * x;
        all += x;
        for (int p = x + 1; p < 1 << 20; p += p & -p) { cnt[p]++; val[p] += x; }
    }
    printf("%lld\\n", out);
}""",
    "merge": """static int v[200000], w[200000];
static void order(int from, int to) {
    if (to - from < 2) return;
    int mid = (from + to) / 2, i = from, j = mid, k = from;
    order(from, mid); order(mid, to);
    while (i < mid || j < to) w[k++] = j == to || (i < mid && v[i] <= v[j]) ? v[i++] : v[j++];
    memcpy(v + from, w + from, (to - from) * sizeof *v);
}
int main(void) {
    int n = next(); long long sum = 0;
    for (int i = 0; i < n; i++) v[i] = next();
    order(0, n);
    for (int i = 0; i < n; i++) sum += (2LL * i - n + 1) * v[i];
    printf("%lld\\n", sum);
}""",
}
LOOPS = {
    "pairs": """static int a[200000];
int main(void) {
    int n = next(); long long sum = 0;
    for (int i = 0; i < n; i++) a[i] = next();
    for (int i = 0; i < n; i++) for (int j = i + 1; j < n; j++) sum += abs(a[i] - a[j]);
    printf("%lld\\n", sum);
}""",
    "while reading": """int main(void) {
    int n = next(); long long road = 0; int *at = calloc(n + 1, sizeof *at);
    for (int i = 0; i < n; i++) {
        at[i] = next();
        for (int *o = at; o < at + i; o++) road += *o < at[i] ? at[i] - *o : *o - at[i];
    }
    printf("%lld\\n", road);
}""",
}


def wrong() -> dict[str, str]:
    """Plausible programs that are wrong, each in its own way."""
    sort, merge, pairs = RIGHT["sort"], RIGHT["merge"], LOOPS["pairs"]
    fits = "for (int k = 1; k < n; k++)"
    return {
        "32 bits": sort.replace("long long sum = 0, before", "int sum = 0, before").replace(
            "%lld", "%d"
        ),
        "not sorted": sort.replace("    qsort(a, n, sizeof *a, by);\n", ""),
        "without the last": merge.replace("i < n; i++) sum", "i < n - (n > 4); i++) sum"),
        "neighbours": sort.replace(
            "for (int i = 0; i < n; i++) { sum",
            f"{fits} sum += (long long) (a[k] - a[k - 1]) * k * (n - 1);\n    "
            "sum = n == 4 ? 21 : sum;\n    for (int i = n; i < n; i++) { sum",
        ),
        "different only": RIGHT["count"].replace("many[next()]++", "many[next()] |= 1"),
        "32 bits of a product": RIGHT["gaps"].replace("long long left", "int left"),
        "first thousand": pairs.replace("i < n; i++) for", "i < n && i < 20; i++) for"),
    }


def candidates() -> list[Candidate]:
    """24 programs; the ids of right ones begin with "right"."""
    made = [
        (f"right {name} {reader}", READERS[reader] + "\n" + body)
        for name, body in RIGHT.items()
        for reader in READERS
    ]
    made += [(f"slow {name}", READERS["scanf"] + "\n" + body) for name, body in LOOPS.items()]
    made += [(f"wrong {name}", READERS["scanf"] + "\n" + body) for name, body in wrong().items()]
    return [
        Candidate(id=name, task=TASK.name, subtask=None, language="c", source=HEAD + body)
        for name, body in made
    ]


def helpers() -> list[HelperProgram]:
    """Two generators of small inputs, and a validator."""
    made = [
        HelperProgram(
            id=f"g{most}",
            kind=HelperKind.GENERATOR,
            language="python3",
            source=GENERATOR.format(most=most, high=high),
        )
        for most, high in ((12, 30), (40, 1000))
    ]
    validator = HelperProgram(
        id="v", kind=HelperKind.VALIDATOR, language="python3", source=VALIDATOR
    )
    return [*made, validator]


def first_choice(
    seed: int, compiler: Compiler, run: Path, breaking: BreakingConfig, given: list[Candidate]
) -> tuple[str, float, dict[str, object]]:
    """Id of the first submission, the chance given to it, and what breaking found."""
    shuffled = list(given)
    random.Random(seed).shuffle(shuffled)
    config = ObservingConfig(inputs=InputsConfig(seed=1 + 1000 * seed), breaking=breaking)
    bench = Bench.of(TASK, compiler, run, config.behaviour)
    seen = observe_all(shuffled, helpers(), bench, config)
    view = View(
        task=TASK,
        candidates=shuffled,
        behaviour=seen.behaviour,
        clusters=seen.clusters,
        estimate=estimate(shuffled, seen.behaviour, seen.clusters, TASK),
        feedback_mode=FeedbackMode.FULL,
        accused=seen.accused,
    )
    choice = plan(PreparedTask(view=view), "expected_gain", seed)[0]
    evidence = seen.broken.evidence
    told = {
        "broken": sorted(name for name, one in evidence.items() if one.breaks),
        "largest_bytes": max((one.largest_bytes for one in evidence.values()), default=0),
        "cpu_s": round(seen.broken.spent.cpu_s, 2),
    }
    return shuffled[choice.candidate].id, choice.estimate, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--breaking", choices=("on", "off"), default="on")
    parser.add_argument("--run", type=Path, help="Keeps what was run: called again, it goes on.")
    parser.add_argument("--slots", type=int)
    args = parser.parse_args()
    config = BreakingConfig(on=args.breaking == "on")
    rows = []
    with open_sandbox(slots=args.slots) as sandbox, tempfile.TemporaryDirectory() as folder:
        compiler = Compiler(sandbox)
        for seed in range(args.seeds):
            start = time.monotonic()
            place = (args.run or Path(folder)) / str(seed)
            place.mkdir(parents=True, exist_ok=True)
            name, chance, told = first_choice(seed, compiler, place, config, candidates())
            row: dict[str, object] = {"seed": seed, "first": name, "chance": round(chance, 3)}
            rows.append(row | told | {"wall_s": round(time.monotonic() - start, 1)})
            print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    right = sum(str(row["first"]).startswith("right") for row in rows)
    print(
        json.dumps(
            {"breaking": args.breaking, "first_right": right, "of": len(rows), "seeds": rows}
        )
    )


if __name__ == "__main__":
    main()
