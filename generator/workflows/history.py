"""Learn about a deck's earlier releases from a package or from git, if the lock is lost or incomplete."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from generator.cards.foreign import show_foreign
from generator.diagnostics import Diagnostic, Place
from generator.ledger.elsewhere import Elsewhere, catch_up, find_lost, find_overtaken, of_lock, of_release
from generator.ledger.histories import find_remembered
from generator.ledger.identity import derive_namespace
from generator.ledger.lock import Lock, lock_file, parse_lock, read_lock
from generator.ledger.stamp import Stamped
from generator.load.deck import load_deck
from generator.load.revision import (
    find_in_history,
    is_committed,
    is_shallow,
    read_past,
    read_unmerged_tags,
    read_versions,
)
from generator.load.siblings import sibling_folders
from generator.model.deck import Deck
from generator.model.notes import EarlierRelease
from generator.package.read import load_package
from generator.text.short import name_some

_NOTE = '{"note": '
"""A text that is in the lock of every deck that was built."""


def open_package(package: Path, with_media: bool = False) -> EarlierRelease | Diagnostic:
    """Read an earlier release from its package, with its media only if `with_media` is set."""
    release = load_package(package, show_foreign, with_media)
    return release if isinstance(release, Diagnostic) else EarlierRelease(release, package.name)


def recall_release(
    deck: Deck, lock: Lock | None, file: Path, *, package: Path | None, recover: Path | None, retire: bool
) -> tuple[EarlierRelease | None, tuple[Diagnostic, ...]]:
    """Return the release whose identities count besides those in the lock, and diagnostics about it.

    It is the one to `recover` or, if the lock has no notes, the last package. If the lock has no notes but git shows
    that it had some, that is an error, unless a package is named or the author means to `retire` all of them.
    """
    if recover:
        return _named(deck, lock, recover)
    if lock and lock.notes:
        return None, ()
    if not retire and (revision := find_in_history(file, _NOTE)):
        return None, (_lost(deck, lock, file, revision),)
    unseen = (_cut_history(deck, file),) if lock is None and not retire and is_shallow(file.parent) else ()
    former, said = _from_package(deck, lock, package)
    return former, (*unseen, *said)


def _from_package(
    deck: Deck, lock: Lock | None, package: Path | None
) -> tuple[EarlierRelease | None, tuple[Diagnostic, ...]]:
    """Return the last package, which makes up for a lock without notes, and what to say of it."""
    state = "has no notes" if lock else "is missing"
    if package is None or not package.exists():
        message = f"deck.lock {state}, and there is no package of the last build: all times start over"
        hint = "if learners have this deck, take its last package with `--recover`; otherwise their edits are lost"
        return None, (Diagnostic("missing-lock", message, deck.place(), hint=hint),) if lock else ()
    former = open_package(package)
    if isinstance(former, Diagnostic):
        message = f"deck.lock {state}, and `{package.name}` does not make up for it: {former.message}"
    elif stranger := _stranger(deck, lock, former):
        message = f"deck.lock {state}, and `{package.name}` {stranger}: all times start over"
    elif lock and not former.release.notes.notes:
        return None, ()  # the deck had no entries yet
    else:
        message = f"deck.lock {state}; identities and times were taken from `{package}` instead"
        hint = "check that learners have this package, and commit the new deck.lock with the deck"
        return former, (Diagnostic("missing-lock", message, deck.place(), hint=hint),)
    hint = "restore deck.lock from git, or take an earlier release with `--recover`; otherwise learners' edits are lost"
    return None, (Diagnostic("missing-lock", message, deck.place(), hint=hint),)


def _named(deck: Deck, lock: Lock | None, recover: Path) -> tuple[EarlierRelease | None, tuple[Diagnostic, ...]]:
    former = open_package(recover)
    if isinstance(former, Diagnostic):
        return None, (former,)
    if stranger := _stranger(deck, lock, former):
        namespace = former.release.namespace
        hint = f"if it is the same deck, write `id: {namespace}` in deck.yaml" if namespace else None
        message = f"`{recover.name}` {stranger}, so nothing can be recovered from it"
        return None, (Diagnostic("foreign-package", message, Place(recover, closed=True), hint=hint),)
    return former, ()


def _stranger(deck: Deck, lock: Lock | None, former: EarlierRelease) -> str | None:
    """Return why a release is not one of a deck, or None."""
    expected = lock.namespace if lock else deck.settings.id or derive_namespace(deck.settings.deck)
    namespace = former.release.namespace
    if namespace is None:
        return "does not say whose it is"
    if namespace != expected:
        return f"is of another deck, `{former.release.notes.deck}` with the id `{namespace}`"
    return None


def _cut_history(deck: Deck, file: Path) -> Diagnostic:
    return Diagnostic(
        "cut-history",
        f"{file.name} is missing, and this clone lacks the history that would show whether there was one: "
        "if there was, learners get every card a second time",
        deck.place(),
        hint="`git fetch --unshallow`; in a workflow of GitHub, `with: {fetch-depth: 0}` below actions/checkout. "
        "If nobody has the deck, build with `--retire`",
    )


def _lost(deck: Deck, lock: Lock | None, file: Path, revision: str) -> Diagnostic:
    state = f"{file.name} has no notes" if lock else f"{file.name} is missing"
    return Diagnostic(
        "lost-lock",
        f"{state}, and git has one with notes in {revision}: without it learners get every card a second time",
        deck.place(),
        hint=f"`git checkout {revision} -- {file.name}` in its folder; or `--recover` with the last package. "
        "If nobody has the deck, build with `--retire`",
    )


def recall_times(lock: Lock, file: Path) -> Lock:
    """Return a lock with the newer times that its own past in git has: a revert or a merge set it back."""
    known = frozenset(file.read_bytes().splitlines())  # most lines of a lock stay as they were
    for text in dict.fromkeys(text for _, text in read_past(file)):
        header, *lines = text.splitlines() or [b""]
        others = (line for line in lines if line not in known)
        if past := parse_lock(b"\n".join((header, *others)).decode(errors="replace")):
            lock = catch_up(lock, past)
    return lock


def find_lost_notes(deck: Deck, stamped: Stamped, lock: Path, former: EarlierRelease | None) -> Iterator[Diagnostic]:
    """Return errors for notes that a build takes for new although git or the last package has them."""
    guids = [stamped.lock.notes[name].guid.encode() for name in stamped.added]
    versions = ((name, text) for name, text in read_versions(lock) if any(guid in text for guid in guids))
    way = "`git show {0}:./deck.lock >> deck.lock` in its folder: the next build joins duplicates"
    found = (_other(text, f"deck.lock in {name}", way.format(name)) for name, text in versions)
    told = (tuple(find_lost(deck, stamped, other)) for other in (*filter(None, found), *_packed(stamped, former)))
    yield from next(filter(None, told), ())


def find_moved_entries(deck: Deck, stamped: Stamped) -> Iterator[Diagnostic]:
    """Yield a warning for new entries that another deck of the project had and no longer has.

    A deck whose lock is not in git is not released, so nobody else can have it.
    """
    for folder in sibling_folders(deck.folder) if stamped.added else ():
        lock, _ = read_lock(folder)
        remembered = dict.fromkeys(find_remembered(stamped, lock)) if lock else ()
        other = load_deck(folder)[0] if remembered and is_committed(lock_file(folder)) is not False else None
        known = {(kind, key) for kind, key, _ in other.entries} if other else ()
        gone = [entry for entry in remembered if other and entry not in known and not other.knows(*entry, ())]
        if gone:
            names, was = name_some(entry.key for entry in gone), "was" if len(gone) == 1 else "were"
            yield Diagnostic(
                "moved-entry",
                f"{names} {was} in the deck `{folder.name}`: "
                "learners keep the old cards there and get new ones here, without their reviews",
                deck.place(*gone[0], on_key=True),
                hint=f"a note belongs to its deck and cannot take its history along: keep it in `{folder.name}`; "
                "or build with `--retire`, and tell learners to delete the old cards",
            )


@dataclass(frozen=True)
class OtherBranches:
    """The git tags that are not part of this branch. Git is asked only once, and only if needed."""

    lock: Path

    @cached_property
    def releases(self) -> tuple[Elsewhere, ...]:
        """Return the notes in the lock of each tag."""
        way = "`git merge {0}`; or build with `--recover` and its package: then this text reaches those learners too"
        tags = (_other(text, f"`{tag}`", way.format(tag)) for tag, text in read_unmerged_tags(self.lock))
        return tuple(filter(None, tags))


def find_newer_notes(
    deck: Deck, stamped: Stamped, branches: OtherBranches, former: EarlierRelease | None
) -> Iterator[Diagnostic]:
    """Yield warnings for notes of which a tag outside this branch, or the last package, has newer words."""
    for other in (*branches.releases, *_packed(stamped, former)):
        yield from find_overtaken(deck, stamped, other)


def _other(text: bytes, name: str, way: str) -> Elsewhere | None:
    lock = parse_lock(text.decode(errors="replace"))
    return of_lock(lock, name, way) if lock else None


def _packed(stamped: Stamped, former: EarlierRelease | None) -> tuple[Elsewhere, ...]:
    if former is None or former.release.namespace != stamped.lock.namespace:
        return ()
    way = "build with `--recover` and a copy of that package, or put back the deck.lock that it was built with"
    return (of_release(former.release, f"the last package, `{former.since}`,", way, stamped),)
