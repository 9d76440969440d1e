"""`aetia explain`."""

import rich_click as click

from generator.cli.completion import complete_codes
from generator.report.codes import list_codes, show_code
from generator.report.words import unknown


@click.command()
@click.argument("code", required=False, shell_complete=complete_codes)
def explain(code: str | None) -> None:
    """Explain a diagnostic: why it matters, a bad and a good example. Without CODE all are listed.

    \b
    Example:
      aetia explain answer-leaked
    """
    from generator.workflows.explain import known_codes

    codes = known_codes()
    if code is None:
        list_codes(codes)
    elif code in codes:
        show_code(code, codes[code])
    else:
        raise click.UsageError(unknown(code, "diagnostic", tuple(codes)))
