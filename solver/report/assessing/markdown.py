"""The report of `solver assess` as Markdown: one draft, or several side by side."""

from collections.abc import Sequence

from solver.replays.assess import Assessment, Chance
from solver.replays.trials import OWN_ORDER
from solver.report.assessing.sheet import Sheet
from solver.sampling.tally import Tally, tally_words


def sheets_markdown(sheets: Sequence[Sheet]) -> str:
    """All drafts: the table first where there are several, then each."""
    parts = []
    if len(sheets) > 1:
        parts.append("# Drafts, side by side\n")
        parts.append("| task | verdict | expected points | whole task solved | right programs |")
        parts.append("|---|---|---|---|---|")
        for sheet in sheets:
            cells = side_by_side(sheet)
            parts.append(f"| {sheet.name} | {' | '.join(cells)} |")
        parts.append("")
    parts += [sheet_markdown(sheet) for sheet in sheets]
    return "\n".join(parts)


def side_by_side(sheet: Sheet) -> list[str]:
    """Verdict, points, chance of the whole task, right programs: a line of the table."""
    found = sheet.found
    most = max(found.points_strategy)
    hardest = min(found.subtasks, key=lambda one: one.again[most].value)
    return [
        str(sheet.advice.level),
        f"{found.points_strategy[most]:.0f} of {found.max_points:g}",
        told(hardest.again[most]),
        f"{sheet.right_count} of {found.candidates}",
    ]


def sheet_markdown(sheet: Sheet) -> str:
    """One draft: verdict, figures, what ran, what vanished, right programs, notes."""
    lines = [as_markdown(sheet.found, model=sheet.model, tally=sheet.tally)]
    lines.insert(0, "")
    head, _, rest = lines[1].partition("\n")
    lines = [head, "", f"**{sheet.advice.head}**", ""]
    lines += [f"- {step}" for step in sheet.advice.steps if step]
    lines.append(rest)
    lines += ["## What ran", ""]
    lines += [f"- {name}: {value}" for name, value in sheet.facts]
    lines += ["", "## What vanished, and why", "", *(f"- {line}" for line in sheet.lost), ""]
    lines += ["## May the model have read it?", "", *(f"- {note}" for note in sheet.notes), ""]
    lines += ["## Right programs", ""]
    if not sheet.right:
        lines += ["None.", ""]
    for one in sheet.right:
        alike = "" if one.like_jury is None else f"; {one.like_jury:.0%} like the jury's"
        fence = "````" if "```" in one.candidate.source else "```"
        lines += [
            f"### {one.candidate.id}: {', '.join(one.solves)}{alike}",
            "",
            f"{fence}{one.candidate.language.rstrip('0123456789')}",
            one.candidate.source.rstrip(),
            fence,
            "",
        ]
    return "\n".join(lines)


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
            f"| {each.name} | {each.max_points:g} | {told(each.again[most])} | {first} | "
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
        *(
            [
                f"- *solved within {most}*: the share of {found.replays} trials of the agent in "
                f"which one of its first {most} submissions is right, with its 95 % interval."
            ]
            if found.strategy == OWN_ORDER
            else [
                f"- *solved within {most}*: the chance that the model, asked again for "
                f"{found.candidates} programs, has handed in a right one after at most {most} "
                f"submissions, and its 95 % interval. From {found.replays} replays, each with "
                "programs drawn from the sampled ones with repetition; a subtask that none of them "
                "solves stays at 0 % there, and the interval of the right programs says how much "
                "that means."
            ]
        ),
        "- *submissions*: the median number until the subtask is solved with the sampled programs; "
        "a dash where most replays never solve it.",
        "- *right programs*: how many of the sampled programs get the subtask's full points on the "
        "hidden tests, with the 95 % interval of their share.",
        (
            "- The lower table: the agent's own submissions; in brackets the chance of as many of "
            "its programs taken at random."
            if found.strategy == OWN_ORDER
            else "- The lower table replays the sampled programs themselves: the strategy "
            f"{found.strategy!r} chooses, with the judge's full feedback; in brackets the chance "
            "of as many programs taken at random."
        ),
        "- Where the strategy stays below random, its first submissions go to large clusters of "
        "wrong programs: behaviour on the generated inputs does not tell them from right ones."
        if found.strategy != OWN_ORDER and _below_random(found)
        else "",
        "",
    ]
    return "\n".join(lines)


def _below_random(found: Assessment) -> bool:
    return any(
        each.by_strategy[k] + 0.05 < each.by_random[k]
        for each in found.subtasks
        for k in each.by_strategy
    )


def told(chance: Chance) -> str:
    """A chance with its interval."""
    return f"{chance.value:.0%} ({chance.low:.0%} to {chance.high:.0%})"
