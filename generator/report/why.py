"""Messages about what cards rest on."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from generator.report.terminal import say, style
from generator.text.words import in_one_line

if TYPE_CHECKING:
    from generator.model.entries import Review
    from generator.workflows.why import Why


def show_why(why: "Why", today: date) -> bool:
    """Print what a deck's cards rest on. Return whether anything was found."""
    for card in why.asked:
        say(f"{style(f'{card.kind} card', bold=True)}: {in_one_line(f'{card.ask} {card.cue}')}")
        say(f"  answer: {in_one_line(card.answer)}")
    for trace in why.traces:
        say(f"{style(trace.key, bold=True)}: {trace.name} ({why.deck})")
        if why.reviews or trace.review.state != "draft":
            say(f"  review: {_reviewed(trace.review, today)}")
        say(f"  cards: {', '.join(_counted(trace.cards)) or 'none'}")
        for said in trace.statements:
            say(f"  {said.where}: {in_one_line(said.text)}")
            for key, line in said.sources:
                say(f"      {key}: {line}")
        for key, line in trace.sources:
            say(f"  source of the entry: {key}: {line}")
        if not trace.sourced:
            say(f"  no source of its own: see `{trace.owner}`" if trace.owner else "  no source")
        for claim, text in trace.claims:
            say(f"  covers {claim}: {in_one_line(text)}")
        if trace.correction:
            number, says, correct = trace.correction
            say(f"  corrects {number}: {in_one_line(says)}")
            say(f"      right: {in_one_line(correct)}")
    for (_, key), where, cards in why.resting:
        say(f"{style(key or '/', bold=True)} ({why.deck}): {', '.join(where)}")
        say(f"  cards: {', '.join(_counted(cards)) or 'none'}")
    return bool(why.traces or why.resting)


def _reviewed(review: "Review", today: date) -> str:
    by = [str(part) for part in (review.by, review.role, review.on) if part]
    by += ["lapsed by an edit since"] if review.lapsed else []
    by += [f"{'expired' if review.next <= today else 'due again'} on {review.next}"] if review.next else []
    return f"{review.state}{' by ' if review.by else ' '}{', '.join(by)}".rstrip()


def _counted(cards: Mapping[str, int]) -> Iterator[str]:
    return (name if count == 1 else f"{count} {name}" for name, count in cards.items())
