"""Lints on texts that do something else than their author meant: marks that show, citations, formulas, switches."""

import re
from collections.abc import Iterator

from generator.check.markup import STRAY, stray_mark
from generator.check.reading import Reading
from generator.diagnostics import Diagnostic, KeyPath
from generator.model.texts import is_plain
from generator.text.citations import shown_citations
from generator.text.formulas import unread_formula
from generator.text.short import shorten

_SWITCHES = frozenset({"yes", "no", "true", "false", "null"})
_ANSWERS = frozenset({"answer", "here", "there"})
"""Keys whose texts may be a yes or a no."""
_PIECE = 12
"""The number of characters by which a place in a text is found again."""
_LONE_COLON = re.compile(r"(?<=[^\W_]):(?=[^\W\d_])")


def check_marks(ctx: Reading) -> Iterator[Diagnostic]:
    """No card shows a mark that was meant to make words bold, a formula or a link."""
    for keys, text in ctx.texts:
        if "**" in text and is_plain(keys):
            message = "a name is plain text, so its `**` is shown"
            yield Diagnostic("stray-markup", message, ctx.within(keys, "**"), hint="delete the `**`")
        elif (stray := stray_mark(text)) and not is_plain(keys):
            mark, shown = stray
            what, hint = STRAY[mark]
            message = f"this {what}, so it is shown"
            yield Diagnostic("stray-markup", message, ctx.within(keys, shown[:_PIECE]), hint=hint)


def check_brackets(ctx: Reading) -> Iterator[Diagnostic]:
    """No text names a source without citing it, and no name cites one."""
    for keys, text in ctx.texts:
        if "@" not in text and "[" not in text:
            continue
        if is_plain(keys):
            if "[@" in text:
                message = "a name is plain text, so its citation is shown as written"
                hint = "cite the source in another text of the entry, or under `sources`"
                yield Diagnostic("unread-citation", message, ctx.within(keys, "[@"), hint=hint)
            continue
        for found, citation in shown_citations(text, ctx.deck.sources):
            what = (
                "cites one work, with a page" if found.startswith("[@") else "is not a citation and is shown as written"
            )
            message = f"`{found}` {what}"
            yield Diagnostic("unread-citation", message, ctx.within(keys, found), hint=f"write `{citation}`")


def check_switches(ctx: Reading) -> Iterator[Diagnostic]:
    """No text is only a word that switches something on or off, unless it is a name or an answer."""
    for keys, text in ctx.texts:
        if text.casefold() not in _SWITCHES or keys[0] == "notes":
            continue  # the fields of an own note may hold anything
        if keys[-1] not in _ANSWERS and not is_plain(keys):
            field = next(key for key in reversed(keys) if isinstance(key, str))
            message = f"`{field}` is a text, so learners would read “{text}”"
            yield Diagnostic(
                "switch-as-text", message, ctx.deck.place(*keys), hint="write the text, or leave the key out"
            )


def check_levels(ctx: Reading) -> Iterator[Diagnostic]:
    """No name of a deck has a single colon where two separate levels."""
    named: list[tuple[KeyPath, str]] = [(("deck",), ctx.deck.settings.deck)]
    named += [(("notes", key, "deck"), note.deck) for key, note in ctx.deck.notes.items() if note.deck]
    for keys, name in named:
        if _LONE_COLON.search(name):
            hint = f"`::` separates levels: `{_LONE_COLON.sub('::', name)}`"
            yield Diagnostic(
                "lone-colon", f"`{name}` is one level, with a colon in it", ctx.deck.place(*keys), hint=hint
            )


def check_formulas(ctx: Reading) -> Iterator[Diagnostic]:
    """No text has a formula in marks that Markdown does not know."""
    for keys, text in ctx.texts:
        if (formula := unread_formula(text)) and not is_plain(keys):
            message = f"`{shorten(formula)}` is no formula, and is shown as brackets without their `\\`"
            yield Diagnostic(
                "unread-formula",
                message,
                ctx.within(keys, formula[:_PIECE]),
                hint="write formulas between `$`: `$x^2$`",
            )


TEXT_LINTS = (check_marks, check_brackets, check_switches, check_levels, check_formulas)
