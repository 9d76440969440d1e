"""The phrases, questions and labels on cards, in the deck's language. They go into templates."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from markupsafe import Markup

from generator.cards.markdown import plain
from generator.model.deck import Deck
from generator.model.templates import Templates

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "dv", "fa", "ha", "he", "khw", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left."""


def deck_words(deck: Deck, templates: Templates) -> dict[str, str]:
    """Return the phrases on cards in the deck's language, or in English. The deck's own wording wins."""
    settings = deck.settings
    phrases = {**templates.words_in("en"), **templates.words_in(settings.language), **settings.words}
    return {
        key: fill(phrase, finding=settings.finding.name, effect=settings.finding.effect)
        for key, phrase in phrases.items()
    }


def fill(phrase: str, **values: str) -> str:
    """Return a phrase with texts in place of its placeholders."""
    for mark, value in values.items():
        phrase = phrase.replace(f"{{{mark}}}", value)
    return phrase


class Asking:
    """`ask("mechanism", cause=field.Cause)` in a template: a question with emphasised fields."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __call__(self, name: str, **fields: Any) -> Markup:
        """Return the question as HTML."""
        html = str(plain(self._words[f"ask-{name}"]))
        for mark, field in fields.items():
            html = html.replace(f"{{{mark}}}", f'<b class="named">{field.__html__()}</b>')
        return Markup(html)


@cache
def label(name: str) -> Markup:
    """Return the label of a row of details."""
    return Markup('<span class="label">{}</span> ').format(plain(name))


def direction(language: str) -> str:
    """Return `rtl` for a language that is written from right to left, or else `ltr`."""
    return "rtl" if language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"


def listed(names: Iterable[str]) -> str:
    """Return names with commas between them."""
    return ", ".join(names)
