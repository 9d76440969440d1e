"""`aetia schema`."""

import click

from generator.report.deliver import deliver

FILES = ("deck", "causes", "sources", "syllabus")


@click.command()
@click.argument("file", type=click.Choice(FILES), default="deck")
def schema(file: str) -> None:
    """With it, an editor completes keys and marks mistakes.

    Without a name, the schema of deck.yaml is printed.

    \b
    Example:
      aetia schema deck > deck.schema.json
    """
    from generator.workflows.author import describe_file

    deliver(describe_file(file), None)
