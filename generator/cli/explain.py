"""`aetia explain`."""

import rich_click as click

from generator.cli.completion import complete_codes
from generator.report.findings import list_codes, show_code


@click.command()
@click.argument("code", required=False, shell_complete=complete_codes)
def explain(code: str | None) -> None:
    """Explain a diagnostic: why it matters, a bad and a good example. Without CODE all are listed.

    \b
    Example:
      aetia explain answer-leaked
    """
    from generator.load.codes import load_codes
    from generator.text.suggest import closest

    codes = load_codes()
    if code is None:
        list_codes(codes)
    elif code in codes:
        show_code(code, codes[code])
    else:
        meant = closest(code, codes)
        raise click.UsageError(f"There is no diagnostic `{code}`." + (f" Did you mean `{meant}`?" if meant else ""))
