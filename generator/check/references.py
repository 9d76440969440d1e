"""Names that must lead somewhere: categories, sources, causes, claims, facets, pictures."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import unescape

import nh3
import pyromark
from rapidfuzz import process

from generator.check.texts import citations, texts
from generator.diagnostics import Diagnostic, Place, Related, Severity
from generator.model import Deck

_MAYBE_PICTURE = re.compile(r"!\[|<img", re.IGNORECASE)
_PICTURE = re.compile(r'<img\b[^>]*?\bsrc="([^"]*)"')


def check_categories(deck: Deck) -> Iterator[Diagnostic]:
    """Every category that a cause or another category names is in the tree."""
    paths = [path for path in deck.tree if path]
    for key, cause in deck.causes.items():
        if cause.category and cause.category not in deck.tree:
            yield _unknown("category", cause.category, paths, deck.place("causes", key, "category"))
        for index, path in enumerate(cause.also_in):
            if path not in deck.tree:
                yield _unknown("category", path, paths, deck.place("causes", key, "also-in", index))
    for branch in deck.tree.values():
        for path in branch.category.versus:
            if path not in deck.tree:
                yield _unknown("category", path, paths, deck.branch_place(branch.path, "versus", path, on_key=True))


def check_members(deck: Deck) -> Iterator[Diagnostic]:
    """The order of causes that a category gives names each of its causes."""
    for branch in deck.tree.values():
        if not (members := branch.category.members):
            continue
        inside = [key for key, cause in deck.causes.items() if cause.category == branch.path]
        place = deck.place("categories", *"/children/".join(branch.path.split("/")).split("/"), "members")
        for index, key in enumerate(members):
            if key not in inside:
                yield _unknown("cause", key, inside, replace(place, keys=(*place.keys, index)))
        for key in inside:
            if key not in members:
                message = f"`members` of `{branch.path}` does not name its cause `{key}`"
                yield Diagnostic("missing-member", message, place)


def check_facets(deck: Deck) -> Iterator[Diagnostic]:
    """Every facet that a cause has, and its values, are declared by the deck."""
    facets = deck.settings.facets
    for key, cause in deck.causes.items():
        for name, values in cause.facets.items():
            if name not in facets:
                yield _unknown("facet", name, facets, deck.place("causes", key, "facets", name, on_key=True))
                continue
            for index, value in enumerate(values):
                if value not in facets[name].values:
                    place = deck.place("causes", key, "facets", name, index)
                    yield _unknown(f"value of the facet `{name}`", value, facets[name].values, place)


def check_causes(deck: Deck) -> Iterator[Diagnostic]:
    """Every cause that another names exists, and is another one."""
    for key, cause in deck.causes.items():
        for other in cause.versus:
            if other not in deck.causes or other == key:
                place = deck.place("causes", key, "versus", other, on_key=True)
                yield _unknown("cause", other, deck.causes, place)
        for index, other in enumerate(cause.see_also):
            if other not in deck.causes:
                yield _unknown("cause", other, deck.causes, deck.place("causes", key, "see-also", index))


def check_claims(deck: Deck) -> Iterator[Diagnostic]:
    """Every claim and correction that an entry names is in the syllabus."""
    claims, corrections = deck.syllabus.claims, deck.syllabus.corrections
    for kind, key, entry in deck.entries:
        for index, claim in enumerate(entry.covers):
            if claim not in claims:
                yield _unknown("claim", claim, claims, deck.place(kind, key, "covers", index))
        if entry.correction and entry.correction not in corrections:
            yield _unknown("correction", entry.correction, corrections, deck.place(kind, key, "correction"))
    file = deck.folder / "syllabus.yaml"
    for claim, said in claims.items():
        if said.correction and said.correction not in corrections:
            place = Place(file, ("claims", claim, "correction"))
            yield _unknown("correction", said.correction, corrections, place)


def check_coverage(deck: Deck) -> Iterator[Diagnostic]:
    """Every claim of the syllabus is covered by an entry or left out for a reason."""
    covered = {claim for _, _, entry in deck.entries for claim in entry.covers}
    for claim, said in deck.syllabus.claims.items():
        if claim not in covered and not said.skip:
            yield Diagnostic(
                "uncovered-claim",
                f"no entry covers `{claim}`: {said.claim}",
                Place(deck.folder / "syllabus.yaml", ("claims", claim), on_key=True),
                Severity.WARNING,
                hint="name it under `covers` of an entry, or give a reason under `skip`",
            )


def check_sources(deck: Deck) -> Iterator[Diagnostic]:
    """Every source that a text or an entry cites is in `sources.yaml`."""
    for place, key in citations(deck):
        if key not in deck.sources:
            yield _unknown("source", key, deck.sources, place)


def check_pictures(deck: Deck) -> Iterator[Diagnostic]:
    """Every picture that an entry shows is in the deck's `media/` folder."""
    for key, cause in deck.causes.items():
        if cause.image and cause.image.file not in deck.media:
            yield _unknown("file in `media/`", cause.image.file, deck.media,
                           deck.place("causes", key, "image", "file"), code="missing-image")  # fmt: skip
    for place, text in texts(deck, ""):
        for name in _pictures(text) if _MAYBE_PICTURE.search(text) else ():
            if name not in deck.media:
                yield _unknown("file in `media/`", name, deck.media, replace(place, within=name), code="missing-image")


def check_names(deck: Deck) -> Iterator[Diagnostic]:
    """No two causes have the same name or go by each other's."""
    seen: dict[str, tuple[str, Place]] = {}
    for key, cause in deck.causes.items():
        place = deck.place("causes", key, "cause")
        for name, where in (
            (cause.cause, place),
            *((aka, deck.place("causes", key, "aka", i)) for i, aka in enumerate(cause.aka)),
        ):
            owner, first = seen.setdefault(name.casefold(), (key, where))
            if owner != key:
                yield Diagnostic(
                    "duplicate-cause",
                    f"`{name}` is also a name of the cause `{owner}`",
                    where,
                    hint="join the two entries, or say in the names what tells them apart",
                    related=(Related("the other is here", first),),
                )


def _unknown(what: str, found: str, known: Iterable[str], place: Place, code: str | None = None) -> Diagnostic:
    match = process.extractOne(found, tuple(known), score_cutoff=60)
    return Diagnostic(
        code or f"unknown-{what.split(maxsplit=1)[0]}",
        f"there is no {what} `{found}`",
        place,
        hint=f"did you mean `{match[0]}`?" if match else None,
    )


def _pictures(text: str) -> list[str]:
    """The pictures that a Markdown text shows, in whichever of the ways it does."""
    return [unescape(name) for name in _PICTURE.findall(nh3.clean(pyromark.html(text), tags={"img"}))]
