"""Names that must lead somewhere: categories, sources, causes, claims, facets, pictures."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rapidfuzz import fuzz, process

from generator.check.texts import citations
from generator.diagnostics import Diagnostic, KeyPath, Place, Related
from generator.model.deck import Deck


def check_categories(deck: Deck) -> Iterator[Diagnostic]:
    """Every category that a cause or another category names is in the tree."""
    paths = [path for path in deck.tree if path]
    for key, cause in deck.causes.items():
        if cause.category and not deck.knows("categories", cause.category, deck.tree):
            yield unknown("category", cause.category, paths, deck.place("causes", key, "category"))
        for index, path in enumerate(cause.also_in):
            if not deck.knows("categories", path, deck.tree):
                yield unknown("category", path, paths, deck.place("causes", key, "also-in", index))
    for branch in deck.tree.values():
        for path in branch.category.versus:
            if not deck.knows("categories", path, deck.tree):
                yield unknown("category", path, paths, deck.branch_place(branch.path, "versus", path, on_key=True))


def check_members(deck: Deck) -> Iterator[Diagnostic]:
    """The order of causes that a category gives names each of its causes."""
    for branch in deck.tree.values():
        if deck.dropped or not (members := branch.category.members):
            continue
        inside = deck.inside.get(branch.path, ())
        place = deck.branch_place(branch.path, "members")
        for index, key in enumerate(members):
            if key not in inside:
                yield unknown("cause", key, inside, replace(place, keys=(*place.keys, index)))
        for key in inside:
            if key not in members:
                message = f"`members` of `{branch.path}` does not name its cause `{key}`"
                yield Diagnostic("missing-member", message, place)


def check_facets(deck: Deck) -> Iterator[Diagnostic]:
    """Every facet that a cause has, and its values, are declared by the deck."""
    facets = deck.settings.facets
    for key, cause in deck.causes.items():
        for name, values in cause.facets.items():
            if name not in facets and deck.knows("facets", name, ()):
                continue
            if name not in facets:
                yield unknown("facet", name, facets, deck.place("causes", key, "facets", name, on_key=True))
                continue
            for index, value in enumerate(values):
                if value not in facets[name].values:
                    place = deck.place("causes", key, "facets", name, index)
                    yield unknown(f"value of the facet `{name}`", value, facets[name].values, place)


def check_causes(deck: Deck) -> Iterator[Diagnostic]:
    """Every cause that another names exists, and is another one."""
    for key, cause in deck.causes.items():
        for other in cause.versus:
            place = deck.place("causes", key, "versus", other, on_key=True)
            if other == key:
                yield Diagnostic("self-reference", f"`{key}` is set against itself", place)
            elif not deck.knows("causes", other, deck.causes):
                yield unknown("cause", other, deck.causes, place)
        for index, other in enumerate(cause.see_also):
            if not deck.knows("causes", other, deck.causes):
                yield unknown("cause", other, deck.causes, deck.place("causes", key, "see-also", index))


def check_claims(deck: Deck) -> Iterator[Diagnostic]:
    """Every claim and correction that an entry names is in the syllabus."""
    claims, corrections = deck.syllabus.claims, deck.syllabus.corrections
    for kind, key, entry in deck.entries:
        for index, claim in enumerate(entry.covers):
            if not deck.knows("claims", claim, claims):
                yield unknown("claim", claim, claims, deck.place(kind, key, "covers", index))
        if entry.correction and not deck.knows("corrections", entry.correction, corrections):
            yield unknown("correction", entry.correction, corrections, deck.place(kind, key, "correction"))
    file = deck.folder / "syllabus.yaml"
    for claim, said in claims.items():
        if said.correction and not deck.knows("corrections", said.correction, corrections):
            place = Place(file, ("claims", claim, "correction"))
            yield unknown("correction", said.correction, corrections, place)


def check_sources(deck: Deck) -> Iterator[Diagnostic]:
    """Every source that a text or an entry cites is in `sources.yaml`."""
    for place, key in citations(deck):
        if not deck.knows("references", key, deck.sources):
            yield unknown("source", key, deck.sources, place)


def check_names(deck: Deck) -> Iterator[Diagnostic]:
    """No two causes have the same name or go by each other's."""
    seen: dict[str, tuple[str, KeyPath]] = {}
    for key, cause in deck.causes.items():
        for name, where in ((cause.cause, ("cause",)), *((aka, ("aka", i)) for i, aka in enumerate(cause.aka))):
            owner, first = seen.setdefault(name.casefold(), (key, where))
            if owner != key:
                yield Diagnostic(
                    "duplicate-cause",
                    f"`{name}` is also a name of the cause `{owner}`",
                    deck.place("causes", key, *where),
                    hint="join the two entries, or say in the names what tells them apart",
                    related=(Related("the other is here", deck.place("causes", owner, *first)),),
                )


def unknown(what: str, found: str, known: Iterable[str], place: Place, code: str | None = None) -> Diagnostic:
    """Return the fault of a name that leads nowhere, with the name that was probably meant."""
    match = process.extractOne(found, tuple(known), scorer=fuzz.ratio, score_cutoff=60)
    return Diagnostic(
        code or f"unknown-{what.split(maxsplit=1)[0]}",
        f"there is no {what} `{found}`",
        place,
        hint=f"did you mean `{match[0]}`?" if match else None,
    )
