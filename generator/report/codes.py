"""The explanation of a diagnostic."""

import click

from generator.diagnostics import Code
from generator.report.findings import COLOURS
from generator.report.terminal import say, style


def show_code(name: str, code: Code) -> None:
    """Print the explanation of a diagnostic."""
    say(f"{style(f'{code.severity}[{name}]', fg=COLOURS[code.severity], bold=True)}: {code.title}")
    say()
    for line in click.wrap_text(code.why, 80, "  ", "  ").splitlines():
        say(line)
    for title, example in (("Bad", code.bad), ("Good", code.good)):
        say()
        say(style(title, bold=True))
        say()
        for line in example.splitlines():
            say(f"    {line}")
    say()
    if code.lint:
        say(f"A lint: set it under `lints` in deck.yaml, or ignore it with `# aetia: ignore[{name}] reason`.")
        if limits := ", ".join(f"{limit}: {value:g}" for limit, value in code.limits.items()):
            say(f"Limits: {limits}.")
