"""Checks of phrases on cards: those that `deck.yaml` rewords, and those of a project's own `templates/words/`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.diagnostics import Diagnostic, Place
from generator.model.deck import Deck
from generator.model.templates import PLACEHOLDER, Templates
from generator.text.suggest import did_you_mean

_OPTIONAL_MARKS = frozenset({"finding", "effect", "count", "siblings"})
"""Placeholders without which a question is still clear."""
_SHOWN = re.compile(r"""\bwords(?:\.|\[["'])(\w+)|\bask\(["']([\w.-]+)""")
"""What a template shows: `words.more` or `ask("clue")`."""
_LISTED = 10
"""How many of the phrases that are missing a hint names."""


def check_wording(deck: Deck, templates: Templates) -> Iterator[Diagnostic]:
    """Phrases that the deck or the project rewords exist, and the deck's language has phrases."""
    settings = deck.settings
    language = templates.language_of(settings.language)
    usual = _usual(templates)
    yield from _check(settings.words, usual, deck.place("words"))
    for name in dict.fromkeys(("en", language)):
        if own := templates.own_words.get(name):
            yield from _check(own, usual, Place(templates.files[f"words/{name}.yaml"]))
    known = templates.words_in(settings.language)
    english = templates.words_in("en")
    if missing := [key for key in english if key not in known and key not in settings.words]:
        some = f"{len(missing)} of the phrases" if known else "the phrases"
        file = f"words/{language}.yaml"
        where = f"in `templates/{file}`" if file in templates.files else "under `words`"
        listed = ", ".join(f"`{key}`" for key in missing[:_LISTED])
        more = f" and {len(missing) - _LISTED} more" if len(missing) > _LISTED else ""
        yield Diagnostic(
            "untranslated",
            f"{some} on cards are not translated into `{settings.language}` and will be in English",
            deck.place("language"),
            hint=f"write them {where}: {listed}{more}; `aetia explain phrases` shows the English",
        )


def _usual(templates: Templates) -> Mapping[str, str]:
    """Return the usual phrases by key, and the project's own that its templates or the names of its cards show."""
    usual = templates.words["en"]
    added = {key: text for own in templates.own_words.values() for key, text in own.items() if key not in usual}
    if not added:
        return usual
    shown = {f"kind-{card.key}" for name in templates.added for card in templates.note_types[name].cards}
    for text in templates.texts.values():
        shown |= {f"ask-{asked}" if asked else name.replace("_", "-") for name, asked in _SHOWN.findall(text)}
    return {**usual, **{key: text for key, text in added.items() if key in shown}}


def _check(words: Mapping[str, str], usual: Mapping[str, str], place: Place) -> Iterator[Diagnostic]:
    """Each of these phrases, which are at this place, is one that cards show, and is fit to take its place."""
    for key, phrase in words.items():
        at = replace(place, keys=(*place.keys, key))
        if key not in usual:
            hint = did_you_mean(key, usual)
            yield Diagnostic("unknown-phrase", f"there is no phrase `{key}`", replace(at, on_key=True), hint=hint)
        else:
            yield from _check_marks(key, phrase, usual[key], at)
        if "**" in phrase:
            message = "a phrase is plain text, so its `**` is shown"
            yield Diagnostic("stray-markup", message, replace(at, within="**"), hint="delete the `**`")


def _check_marks(key: str, phrase: str, usual: str, place: Place) -> Iterator[Diagnostic]:
    """A phrase has the placeholders of the usual one."""
    marks = set(PLACEHOLDER.findall(phrase))
    known = dict.fromkeys([*PLACEHOLDER.findall(usual), "finding", "effect"])
    for mark in sorted(marks - known.keys()):
        message = f"`{key}` has no value for `{{{mark}}}`"
        yield Diagnostic("phrase-mark", message, place, hint=did_you_mean(mark, known))
    for mark in known:
        if mark not in marks | _OPTIONAL_MARKS:
            hint = f"the usual phrase is `{usual}`"
            yield Diagnostic("phrase-mark", f"`{key}` lacks `{{{mark}}}`", place, hint=hint)
