"""Checks of references: categories, sources, causes, claims, facets."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from generator.check.texts import citations
from generator.diagnostics import Diagnostic, KeyPath, Place, Related
from generator.model.deck import Deck
from generator.model.entries import Category
from generator.text.keys import fold_name
from generator.text.short import name_some
from generator.text.suggest import closest, did_you_mean

_FEW = 12
"""The most names that a hint lists."""


def check_categories(deck: Deck) -> Iterator[Diagnostic]:
    """Every category that an entry or another category names is in the tree."""
    named = [(entry.category, deck.place(kind, key, "category")) for kind, key, entry in deck.entries]
    for key, cause in deck.causes.items():
        named += [(path, deck.place("causes", key, "also-in", index)) for index, path in enumerate(cause.also_in)]
    for branch in deck.tree.values():
        named += [
            (path, deck.branch_place(branch.path, "versus", path, on_key=True)) for path in branch.category.versus
        ]
    for path, place in named:
        if path and not deck.knows("categories", path, deck.tree):
            yield Diagnostic(
                "unknown-category", f"there is no category `{path}`", place, hint=_near_category(deck, path)
            )


def check_siblings(deck: Deck) -> Iterator[Diagnostic]:
    """A category is distinguished from its siblings."""
    for branch in deck.tree.values():
        if branch.parent is None or branch.category.hallmark is None:
            continue
        around = branch.parent.category.children
        others = [key for key in around if key != branch.path.rpartition("/")[2]]
        for index, key in enumerate(branch.category.hallmark.from_):
            path = f"{branch.parent.path}/{key}".lstrip("/")
            if key not in others and not deck.knows("categories", path, ()):
                heir = _heir(key, ((other, _own_formers(around[other])) for other in others))
                siblings = ", ".join(f"`{other}`" for other in others) or "no others"
                hint = heir or did_you_mean(key, others) or f"its siblings are {siblings}"
                place = deck.branch_place(branch.path, "hallmark", "from", index)
                yield Diagnostic("unknown-category", f"`{branch.path}` has no sibling `{key}`", place, hint=hint)


def _own_formers(category: Category) -> tuple[str, ...]:
    """Return the last keys of the paths that a category had before."""
    return tuple(path.rpartition("/")[2] for path in category.was)


def _heir(asked: str, formers: Iterable[tuple[str, tuple[str, ...]]]) -> str | None:
    """Return the hint for a name that another has taken over. `formers` are the former names of each."""
    heir = next((key for key, was in formers if asked in was), None)
    return f"it is now `{heir}`: write that here" if heir else None


def _near_category(deck: Deck, asked: str) -> str | None:
    """Return the hint for an unknown category: what it is now, one with a similar path or name, or all if few."""
    if heir := _heir(asked, ((path, branch.formers) for path, branch in deck.tree.items())):
        return heir
    names = {branch.category.name: path for path, branch in deck.tree.items() if path}
    meant = closest(asked, names.values()) or names.get(closest(asked, names) or "")
    if meant:
        return f"did you mean `{meant}`?"
    listed = ", ".join(f"`{path}`" for path in names.values())
    return f"the categories are {listed}" if 0 < len(names) <= _FEW else None


def check_members(deck: Deck, former: Container[str] = ()) -> Iterator[Diagnostic]:
    """The order that a category gives its causes names each of them. `former` are the causes of the last build."""
    for branch in deck.tree.values():
        if deck.dropped or not (members := branch.category.members):
            continue
        inside = deck.inside.get(branch.path, ())
        place = deck.branch_place(branch.path, "members")
        for index, key in enumerate(members):
            homeless = key in deck.causes and deck.causes[key].category not in (None, *deck.tree)
            if key not in inside and not homeless:
                message, hint = f"there is no cause `{key}`", _near_cause(deck, key, inside, former)
                if key in deck.causes:
                    message = f"the cause `{key}` is not in the category `{branch.path}`"
                    hint = f"it is in `{deck.causes[key].category}`" if deck.causes[key].category else None
                yield Diagnostic("unknown-cause", message, replace(place, keys=(*place.keys, index)), hint=hint)
        for key in inside:
            if not {key, *deck.causes[key].was}.intersection(members):
                message = f"`members` of `{branch.path}` does not name its cause `{key}`"
                yield Diagnostic("missing-member", message, place)


def check_facets(deck: Deck) -> Iterator[Diagnostic]:
    """The deck declares every facet that a cause has, and its values."""
    facets = deck.settings.facets
    for key, cause in deck.causes.items():
        for name, values in cause.facets.items():
            if name not in facets and deck.knows("facets", name, ()):
                continue
            if name not in facets:
                hint = did_you_mean(name, facets)
                message = f"there is no facet `{name}`"
                yield Diagnostic(
                    "unknown-facet", message, deck.place("causes", key, "facets", name, on_key=True), hint=hint
                )
                continue
            for index, value in enumerate(values):
                if value not in facets[name].values:
                    place = deck.place("causes", key, "facets", name, index)
                    hint = did_you_mean(value, facets[name].values)
                    message = f"the facet `{name}` has no value `{value}`"
                    yield Diagnostic("unknown-value", message, place, hint=hint)


def check_causes(deck: Deck, former: Container[str] = ()) -> Iterator[Diagnostic]:
    """Every cause that another cause names exists, and is not the cause itself.

    `former` are the causes of the last build.
    """
    for key, cause in deck.causes.items():
        for other in cause.versus:
            place = deck.place("causes", key, "versus", other, on_key=True)
            if other == key:
                yield Diagnostic("self-reference", f"`{key}` is contrasted with itself", place)
            elif not deck.knows("causes", other, deck.causes):
                hint = _near_cause(deck, other, filter(key.__ne__, deck.causes), former)
                message = f"there is no cause `{other}`"
                yield Diagnostic("unknown-cause", message, place, hint=hint)
        for index, other in enumerate(cause.see_also):
            if not deck.knows("causes", other, deck.causes):
                hint = _near_cause(deck, other, filter(key.__ne__, deck.causes), former)
                message = f"there is no cause `{other}`"
                yield Diagnostic("unknown-cause", message, deck.place("causes", key, "see-also", index), hint=hint)


def _near_cause(deck: Deck, asked: str, known: Iterable[str], former: Container[str]) -> str | None:
    """Return the hint for an unknown cause. One of the last build is gone, or has a key now that is new."""
    if heir := _heir(asked, ((key, cause.was) for key, cause in deck.causes.items())):
        return heir
    if asked not in former:
        return did_you_mean(asked, known)
    if again := did_you_mean(asked, (key for key in known if key not in former)):
        return again
    gone = f"`{asked}` was in the last build and is gone"
    if any(key not in former for key in deck.causes):
        return f"{gone}. If it has a new key, write that here, and `was: {asked}` in that entry; else remove this too"
    return f"{gone}: remove this too, or bring the cause back"


def check_claims(deck: Deck) -> Iterator[Diagnostic]:
    """Every claim and correction that an entry names is in the syllabus."""
    claims, corrections = deck.syllabus.claims, deck.syllabus.corrections
    for kind, key, entry in deck.entries:
        for index, claim in enumerate(entry.covers):
            if not deck.knows("claims", claim, claims):
                hint = did_you_mean(claim, claims)
                message = f"there is no claim `{claim}`"
                yield Diagnostic("unknown-claim", message, deck.place(kind, key, "covers", index), hint=hint)
        if entry.correction and not deck.knows("corrections", entry.correction, corrections):
            hint = did_you_mean(entry.correction, corrections)
            message = f"there is no correction `{entry.correction}`"
            yield Diagnostic("unknown-correction", message, deck.place(kind, key, "correction"), hint=hint)
    file = deck.folder / "syllabus.yaml"
    for claim, said in claims.items():
        if said.correction and not deck.knows("corrections", said.correction, corrections):
            place = Place(file, ("claims", claim, "correction"))
            hint = did_you_mean(said.correction, corrections)
            message = f"there is no correction `{said.correction}`"
            yield Diagnostic("unknown-correction", message, place, hint=hint)


def check_sources(deck: Deck) -> Iterator[Diagnostic]:
    """Every source that a text or an entry cites is in `sources.yaml`."""
    told: set[str] = set()
    for keys, key in citations(deck):
        unread = deck.unread_sources.get(key)
        if not deck.knows("references", key, deck.sources) and unread not in told:
            place, hint = replace(deck.place(*keys), within=key), unread or _near_source(deck, key)
            yield Diagnostic("unknown-source", f"there is no source `{key}`", place, hint=hint)
            told.update([unread] if unread else [])  # the others that are in the same file have the same reason


def _near_source(deck: Deck, asked: str) -> str:
    """Return the hint for an unknown source: the one that was meant, or some that are there and how to add one."""
    begun = [key for key in deck.sources if key.casefold().startswith(asked.casefold())]
    if hint := f"did you mean `{begun[0]}`?" if len(begun) == 1 else did_you_mean(asked, deck.sources):
        return hint
    add = f"`aetia new source {asked} --deck {deck.name}` adds one"
    return f"sources.yaml has {name_some(begun or deck.sources)}; {add}" if deck.sources else add


def check_names(deck: Deck) -> Iterator[Diagnostic]:
    """No two causes have the same name, and none has another's name as its own `aka`."""
    seen: dict[str, tuple[str, KeyPath]] = {}
    for key, cause in deck.causes.items():
        for name, where in ((cause.cause, ("cause",)), *((aka, ("aka", i)) for i, aka in enumerate(cause.aka))):
            owner, first = seen.setdefault(fold_name(name), (key, where))
            if owner != key:
                yield Diagnostic(
                    "duplicate-cause",
                    f"`{name}` is also a name of the cause `{owner}`",
                    deck.place("causes", key, *where),
                    hint="join the two entries, or say in the names what tells them apart",
                    related=(Related("the other is here", deck.place("causes", owner, *first)),),
                )
