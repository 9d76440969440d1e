"""Two branches that each build come together, whatever git makes of their locks: nobody's history or number is lost."""

import shutil

import pytest
from conftest import NOW
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.ledger.lock import read_lock
from generator.resources import bundled
from generator.workflows.build import build_package
from generator.workflows.prepare import no_progress, prepare


def build(folder, now, package="deck.apkg", **options):
    built, findings = build_package(folder, folder.parent / package, now, no_progress, **options)
    assert built, findings.diagnostics
    return built


@pytest.fixture
def hagma(tmp_path):
    folder = shutil.copytree(bundled("decks") / "hagma", tmp_path / "project" / "decks" / "hagma")
    build(folder, NOW)
    return folder


def rename(folder, old, new, edit=("", "")):
    """Rename an entry in every file, with `was`, and edit a text."""
    done = 0
    for file in folder.rglob("*.yaml"):
        lines = file.read_text().splitlines(True)
        for number, line in enumerate(lines):
            if line.strip() == f"{old}:" or line.strip().startswith(f"{old}: {{"):
                indent = " " * (len(line) - len(line.lstrip()))
                if line.rstrip().endswith(":"):
                    lines[number] = f"{indent}{new}:\n{indent}  was: {old}\n"
                else:
                    lines[number] = line.replace(f"{old}: {{", f"{new}: {{was: {old}, ", 1)
                done += 1
        file.write_text("".join(lines).replace(*edit) if edit[0] else "".join(lines))
    return done


def test_rename_that_a_merge_drops_leaves_the_guid_with_the_entry(hagma):
    """L3: the branch's lock knows only the new key, main's sources only the old one."""
    sources = {file: file.read_text() for file in hagma.rglob("*.yaml")}
    before, _ = read_lock(hagma)
    assert "cyanide" in {key for _, key in before.notes}
    rename(hagma, "cyanide", "hcn-exposure")
    for file in hagma.rglob("*.yaml"):  # every mention but the `was:`
        text = file.read_text()
        file.write_text(
            text.replace("was: cyanide", "was: @").replace("cyanide:", "hcn-exposure:").replace("@", "cyanide")
        )
    branch = build(hagma, NOW + 100).prepared.stamped
    assert ("cause", "hcn-exposure") in branch.lock.notes
    assert ("cause", "cyanide") not in branch.lock.notes
    for file, text in sources.items():
        file.write_text(text)
    merged = build(hagma, NOW + 200).prepared.stamped
    assert merged.added == ()
    assert not set(merged.retired) & set(before.notes)
    for name, record in before.notes.items():
        assert merged.lock.notes[name].guid == record.guid
        assert merged.lock.notes[name].numbers.items() >= record.numbers.items()


LIST = """\
deck: Rivers
finding: {name: Flood, effect: raise the river}
cards: {add: [blanks]}
categories:
  rain:
    name: Rain
    listed: true
    children: {north: North, south: South, east: East, west: West}
"""


def test_number_in_a_list_survives_a_rename_that_the_merge_rejects(write_deck):
    """L4: of the two lines for the list the branch's is newer, and its member has another key."""
    folder = write_deck(LIST)
    before = build(folder, NOW).prepared.stamped.lock.notes["list", "rain/blanks"]
    (folder / "deck.yaml").write_text(LIST.replace("east: East", "orient: {name: East, was: rain/east}"))
    branch = build(folder, NOW + 100).prepared.stamped.lock.notes["list", "rain/blanks"]
    assert branch.numbers["orient"] == before.numbers["east"]
    (folder / "deck.yaml").write_text(LIST)
    merged = build(folder, NOW + 200).prepared.stamped
    (note,) = [note for note in merged.release.notes.notes if note.key == "rain/blanks"]
    assert note.cloze_numbers == before.numbers
    assert merged.emptied == {}


def test_card_that_a_release_empties_is_named(write_deck):
    folder = write_deck(LIST)
    build(folder, NOW)
    (folder / "deck.yaml").write_text(LIST.replace(", west: West", ""))
    stamped = build(folder, NOW + 100, retire=True).prepared.stamped
    assert stamped.emptied == {("list", "rain/blanks"): (3,)}
    assert build(folder, NOW + 200).prepared.stamped.emptied == {}


def test_retired_counts_what_the_lock_had_and_not_what_another_branch_packed(write_deck):
    """L7: the package in dist/ was built on a branch with more entries."""
    main = "deck: D\nfinding: {name: F, effect: fall}\ncauses:\n" + "".join(
        f"  {key}: {{cause: Cause {key}, mechanism: It works {key}}}\n" for key in ("one", "two")
    )
    folder = write_deck(main)
    build(folder, NOW)
    lock = (folder / "deck.lock").read_bytes()
    (folder / "deck.yaml").write_text(main + "  three: {cause: Cause three, mechanism: It works three}\n")
    build(folder, NOW + 100)
    (folder / "deck.lock").write_bytes(lock)
    (folder / "deck.yaml").write_text(main.replace("It works two", "It worked two"))
    changes = build(folder, NOW + 200).changes
    assert [(entry.kind.value, entry.key) for entry in changes.entries] == [("changed", "two")]


KEYS = ("alpha", "beta", "gamma", "delta", "epsilon")
EDITS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(("edit", "rename", "remove")), max_size=3)


def source(entries):
    text = "deck: D\nid: d-1\nfinding: {name: F, effect: bring it}\n"
    text += "cards: {add: [blanks]}\ncategories: {east: {name: East, listed: true}}\ncauses:\n"
    for key, (name, said, was) in entries.items():
        former = f", was: {was}" if was else ""
        text += f"  {key}: {{cause: {name}, mechanism: {name} does {said}, category: east{former}}}\n"
    return text


def edited(base, edits, branch):
    found = {}
    for key, (name, said, was) in base.items():
        edit = edits.get(key)
        if edit == "rename":
            found[f"{key}-{branch}"] = (name, said, key)
        elif edit != "remove":
            found[key] = (name, f"what {branch} says" if edit == "edit" else said, was)
    return {**found, f"new-{branch}": (f"New {branch}", "something new", None)}


def stamp(folder, entries, now):
    from generator.ledger.lock import write_lock

    (folder / "deck.yaml").write_text(source(entries))
    prepared, diagnostics = prepare(folder, now)
    assert prepared, diagnostics
    write_lock(folder, prepared.stamped.lock)
    return prepared.stamped


@pytest.mark.slow
@settings(max_examples=40)
@given(ours=EDITS, theirs=EDITS, data=st.data())
def test_union_of_two_locks_keeps_every_identity_that_the_merged_sources_have(tmp_path_factory, ours, theirs, data):
    """Two branches edit, rename, remove and add, and build; the merge takes either side's entry for each key."""
    folder = tmp_path_factory.mktemp("deck")
    base = {key: (key.title(), "its work", None) for key in KEYS}
    first = stamp(folder, base, NOW).lock
    start = (folder / "deck.lock").read_text()
    sides, locks = [], []
    for branch, edits in (("ours", ours), ("theirs", theirs)):
        (folder / "deck.lock").write_text(start)
        sides.append(edited(base, edits, branch))
        stamp(folder, sides[-1], NOW + data.draw(st.integers(1, 500)))
        locks.append((folder / "deck.lock").read_text())
    merged = {f"new-{b}": side[f"new-{b}"] for b, side in zip(("ours", "theirs"), sides, strict=True)}
    for key in KEYS:
        side = sides[data.draw(st.integers(0, 1))]
        merged |= {k: entry for k, entry in side.items() if k == key or entry[2] == key}
    union = dict.fromkeys((*locks[0].splitlines(True), *locks[1].splitlines(True)))
    (folder / "deck.lock").write_text("".join(union))
    after = stamp(folder, merged, NOW + 1000).lock
    records = [record for name, record in after.notes.items()]
    assert len({record.guid for record in records}) == len(records)
    assert len({record.id // 100 for record in records}) == len(records)
    for key, (_, _, was) in merged.items():
        origin = first.notes.get(("cause", was or key))
        if origin:
            record = after.notes["cause", key]
            assert (record.guid, record.id) == (origin.guid, origin.id)
            assert record.modified >= origin.modified
    numbers = after.notes.get(("list", "east/blanks"))
    kept = first.notes["list", "east/blanks"].numbers
    if numbers:
        for key, (_, _, was) in merged.items():
            if (was or key) in kept:
                assert numbers.numbers[key] == kept[was or key]
