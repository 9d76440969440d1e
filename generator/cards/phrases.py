"""The phrases, questions and labels on cards, in the deck's language. They go into templates."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from markupsafe import Markup

from generator.cards.markdown import constant
from generator.model.deck import Deck
from generator.model.templates import PLACEHOLDER, Templates

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "dv", "fa", "ha", "he", "khw", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left."""
_PLACEHOLDER = re.compile(PLACEHOLDER.pattern.replace(r"\{", "&#123;"))
"""The same in the HTML of a phrase."""


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
    return PLACEHOLDER.sub(lambda mark: values.get(mark[1], mark[0]), phrase)


class Asking:
    """`ask("mechanism", cause=field.Cause)` in a template: a question with emphasised fields."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __call__(self, name: str, **fields: Any) -> Markup:
        """Return the question as HTML."""
        named = {mark: f'<b class="named">{field.__html__()}</b>' for mark, field in fields.items()}
        asked = constant(self._words[f"ask-{name}"])
        return Markup(_PLACEHOLDER.sub(lambda mark: named.get(mark[1], mark[0]), asked))


@cache
def label(name: str) -> Markup:
    """Return the label of a row of details."""
    return Markup('<span class="label">{}</span> ').format(constant(name))


def direction(language: str) -> str:
    """Return `rtl` for a language that is written from right to left, or else `ltr`."""
    return "rtl" if language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"


def listed(names: Iterable[str]) -> str:
    """Return names with commas between them."""
    return ", ".join(names)
