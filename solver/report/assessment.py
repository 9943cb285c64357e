"""The report of `solver assess`, as a jury reads it."""

from solver.replays.assess import Assessment, Chance
from solver.sampling.tally import Tally, tally_words


def as_markdown(found: Assessment, *, model: str, tally: Tally | None = None) -> str:
    """The report: the answer first, then a line a subtask, then how it was found out."""
    marks = list(found.points_strategy)
    most = marks[-1]
    lines = [
        f"# {found.task}: {found.word}",
        "",
        f"Model: {model}. {found.candidates} programs were sampled, {found.compiled} of them "
        f"compile. Together they reach {found.oracle:g} of {found.max_points:g} points; within "
        f"{most} submissions the model gets {found.points_strategy[most]:.0f} on average.",
        "",
        *([f"Of the model's answers: {tally_words(tally.as_record())}.", ""] if tally else []),
        f"| subtask | points | solved within {most} | submissions | right programs |",
        "|---|---|---|---|---|",
    ]
    for each in found.subtasks:
        first = "-" if each.first is None else f"{each.first:g}"
        lines.append(
            f"| {each.name} | {each.max_points:g} | {_told(each.again[most])} | {first} | "
            f"{each.right} of {found.candidates} ({each.share_low:.0%} to {each.share_high:.0%}) |"
        )
    lines += [
        "",
        "| submissions | expected points | " + " | ".join(s.name for s in found.subtasks) + " |",
        "|---|---|" + "---|" * len(found.subtasks),
    ]
    for k, points in found.points_strategy.items():
        cells = " | ".join(
            f"{each.by_strategy[k]:.0%} (at random {each.by_random[k]:.0%})"
            for each in found.subtasks
        )
        lines.append(f"| {k} | {points:.1f} | {cells} |")
    lines += [
        "",
        "How to read this:",
        "",
        f"- *solved within {most}*: the chance that the model, asked again for "
        f"{found.candidates} programs, has handed in a right one after at most {most} submissions, "
        f"and its 95 % interval. From {found.replays} replays, each with programs drawn from the "
        "sampled ones with repetition; a subtask that none of them solves stays at 0 % there, and "
        "the interval of the right programs says how much that means.",
        "- *submissions*: the median number until the subtask is solved with the sampled programs; "
        "a dash where most replays never solve it.",
        "- *right programs*: how many of the sampled programs get the subtask's full points on the "
        "hidden tests, with the 95 % interval of their share.",
        f"- The lower table replays the sampled programs themselves: the strategy "
        f"{found.strategy!r} chooses, with the judge's full feedback; in brackets the chance of as "
        "many programs taken at random.",
        "",
    ]
    return "\n".join(lines)


def _told(chance: Chance) -> str:
    return f"{chance.value:.0%} ({chance.low:.0%} to {chance.high:.0%})"
