"""`aetia schema`."""

import rich_click as click

FILES = ("deck", "causes", "sources", "syllabus")


@click.command()
@click.argument("file", type=click.Choice(FILES), default="deck")
def schema(file: str) -> None:
    """Print the JSON Schema of an author's file, for completion and checks in an editor.

    \b
    Example:
      aetia schema deck > deck.schema.json
    """
    from generator.project.start import schema_text

    click.echo(schema_text(file), nl=False)
