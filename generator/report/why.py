"""What cards rest on."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from generator.workflows.why import Why


def show_why(why: "Why") -> bool:
    """Print what a deck's cards rest on, and return whether there was anything to say."""
    for trace in why.traces:
        review = trace.review
        by = [str(part) for part in (review.by, review.role, review.on) if part]
        click.echo(f"{click.style(trace.key, bold=True)}: {trace.name} ({why.deck})")
        click.echo(f"  review: {review.state}{' by ' if review.by else ' '}{', '.join(by)}".rstrip())
        click.echo(f"  cards: {', '.join(_counted(trace.cards)) or 'none'}")
        for said in trace.statements:
            click.echo(f"  {said.where}: {said.text}")
            for key, line in said.sources:
                click.echo(f"      {key}: {line}")
        for key, line in trace.sources:
            click.echo(f"  source of the entry: {key}: {line}")
        for claim, text in trace.claims:
            click.echo(f"  covers {claim}: {text}")
        if trace.correction:
            number, says, correct = trace.correction
            click.echo(f"  corrects {number}: {says}\n      right: {correct}")
    for (_, key), where, cards in why.resting:
        click.echo(f"{click.style(key or '/', bold=True)} ({why.deck}): {', '.join(where)}")
        click.echo(f"  cards: {', '.join(_counted(cards)) or 'none'}")
    return bool(why.traces or why.resting)


def _counted(cards: Mapping[str, int]) -> Iterator[str]:
    return (name if count == 1 else f"{count} {name}" for name, count in cards.items())
