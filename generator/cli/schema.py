"""`aetia schema`."""

import json
from typing import TYPE_CHECKING

import rich_click as click

if TYPE_CHECKING:
    from pydantic import BaseModel

FILES = ("deck", "causes", "sources", "syllabus")


@click.command()
@click.argument("file", type=click.Choice(FILES), default="deck")
def schema(file: str) -> None:
    """Print the JSON Schema of an author's file, for completion and checks in an editor.

    \b
    Example:
      aetia schema deck > deck.schema.json
    """
    from generator import model

    models: tuple[type[BaseModel], ...] = (model.DeckFile, model.CausesFile, model.SourcesFile, model.SyllabusFile)
    chosen = models[FILES.index(file)]
    click.echo(json.dumps(chosen.model_json_schema(), indent=2, ensure_ascii=False))
