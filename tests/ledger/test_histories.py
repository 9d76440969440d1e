"""A history stays with its content: what was renamed, swapped or mixed up is said before anything is written."""

import re

import pytest
from conftest import NOW

from generator.diagnostics import Severity
from generator.ledger.identity import derive_guid
from generator.ledger.lock import read_lock
from generator.ledger.search import search_strings
from generator.model.notes import NoteId
from generator.resources import bundled
from generator.workflows.build import build_package
from generator.workflows.check import check_folder
from generator.workflows.prepare import no_progress

HEAD = "deck: Rivers\nid: rivers-1\nfinding: {name: Flood, effect: raise the river}\ncauses:\n"
CAUSES = {
    "thaw": ("Spring thaw", "Warm wind melts the packed snow of whole mountain ranges within very few days"),
    "dam": ("Broken dam", "Concrete yields under pressure and the reservoir empties into the valley at once"),
    "tide": ("Spring tide", "Sun and moon pull together, and salt water holds the estuary back for hours"),
    "forest": ("Felled forest", "Bare slopes hold no rain, so every shower runs straight down to the brook"),
    "ice": ("Ice jam", "Floes pile up at a narrow bridge and block the current until they burst"),
}


def deck(**changed):
    causes = {**CAUSES, **changed}
    return HEAD + "".join(
        f'  {key}: {{cause: {entry[0]}, mechanism: "{entry[1]}"{"".join(f", {more}" for more in entry[2:])}}}\n'
        for key, entry in causes.items()
        if entry
    )


def build(folder, text, now, **options):
    (folder / "deck.yaml").write_text(text)
    built, findings = build_package(folder, folder / "deck.apkg", now, no_progress, **options)
    return built and built.prepared.stamped, {diagnostic.code: diagnostic for diagnostic in findings.diagnostics}


@pytest.fixture
def rivers(write_deck):
    folder = write_deck(deck())
    assert build(folder, deck(), NOW)[1] == {}
    return folder


RENAMED = ("Sudden thaw", "A mild wind melts the packed snow of whole mountain ranges within only some days")


def test_key_name_and_mechanism_changed_together_look_like_the_entry_that_is_gone(rivers):
    stamped, found = build(rivers, deck(thaw=None, meltwater=RENAMED), NOW + 10)
    assert stamped is None
    assert found["probable-rename"].hint.startswith("add `was: thaw` to it")
    assert "`meltwater`" in found["probable-rename"].message
    assert "probable-rename" in {d.code for d in check_folder(rivers, NOW + 10).diagnostics}
    stamped, found = build(rivers, deck(thaw=None, meltwater=(*RENAMED, "was: thaw")), NOW + 10)
    assert found == {}
    assert stamped.renamed == {("cause", "meltwater"): ("cause", "thaw")}


def test_was_that_comes_a_build_too_late_gives_the_entry_its_history_back(rivers):
    old = read_lock(rivers)[0].notes["cause", "thaw"]
    without, _ = build(rivers, deck(thaw=None, meltwater=RENAMED), NOW + 10, retire=True)
    short = without.lock.notes["cause", "meltwater"]
    assert short.guid != old.guid
    late = deck(thaw=None, meltwater=(*RENAMED, "was: thaw"))
    stamped, found = build(rivers, late, NOW + 20)
    assert found == {}
    mended = stamped.lock.notes["cause", "meltwater"]
    assert (mended.guid, mended.id, mended.modified) == (old.guid, old.id, NOW + 20)
    assert stamped.retired == (("cause", "thaw"),)
    assert stamped.lock.notes["cause", "thaw"].guid == short.guid
    searches = list(search_strings(stamped.retired, stamped.release.notes, stamped.lock))
    assert searches == [f"nid:{short.id}"], "the key would find the note that goes on"
    again, found = build(rivers, late, NOW + 30)
    assert found == {}
    assert again.lock == stamped.lock
    assert again.renamed == {}


def test_was_that_can_mend_nothing_any_more_says_so(rivers):
    build(rivers, deck(thaw=None, dam=None, meltwater=(*RENAMED, "was: dam")), NOW + 10, retire=True)
    both = deck(thaw=None, dam=None, meltwater=(*RENAMED, "was: [dam, thaw]"))
    stamped, found = build(rivers, both, NOW + 20)
    assert stamped.renamed == {}
    assert found["late-former"].severity is Severity.WARNING
    assert "`thaw`" in found["late-former"].message


def test_two_swapped_keys_are_an_error_for_each_history_would_move(rivers):
    swapped = deck(thaw=CAUSES["dam"], dam=CAUSES["thaw"])
    before = (rivers / "deck.lock").read_bytes()
    stamped, found = build(rivers, swapped, NOW + 10)
    assert stamped is None
    assert (rivers / "deck.lock").read_bytes() == before
    assert re.search(r"`(thaw|dam)` now says what `(thaw|dam)` said", found["swapped-keys"].message)
    assert "--retire" in found["swapped-keys"].hint
    assert build(rivers, swapped, NOW + 10, retire=True)[1] == {}


def test_three_rotated_keys_are_an_error_also_when_their_texts_were_edited(rivers):
    edited = CAUSES["dam"][0], CAUSES["dam"][1].replace("Concrete", "The wall")
    rotated = deck(thaw=edited, dam=CAUSES["tide"], tide=CAUSES["thaw"])
    (rivers / "deck.yaml").write_text(rotated)
    found = [d.message for d in check_folder(rivers, NOW + 10).diagnostics if d.code == "swapped-keys"]
    assert len(found) == 3


def test_key_that_took_over_the_content_of_an_entry_that_is_gone_is_an_error(rivers):
    assert "swapped-keys" in build(rivers, deck(thaw=CAUSES["dam"], dam=None), NOW + 10)[1]


def test_entry_that_is_rewritten_keeps_its_key_in_peace(rivers):
    other = ("Cloudburst", "A thunderstorm stands still above one catchment and drops a month of rain in an hour")
    assert build(rivers, deck(thaw=other), NOW + 10)[1] == {}


def test_key_that_was_given_up_does_not_come_back_for_another_entry(rivers):
    build(rivers, deck(thaw=None), NOW + 10, retire=True)
    other = deck(thaw=("Cloudburst", "A thunderstorm stands still above one catchment and empties itself in an hour"))
    stamped, found = build(rivers, other, NOW + 20)
    assert stamped is None
    assert "`thaw` was the key of an entry that is gone" in found["key-used-again"].message
    assert build(rivers, deck(), NOW + 20)[1] == {}, "the same entry may come back"


NOTES = {
    "nile": ("Where is the Nile?", "Africa"),
    "rhine": ("<b>Where</b> is the Rhine?", "It leaves the Alps, joins the Main and reaches the North Sea"),
    "place-15": ("Place 15", "Capital 15"),
    "place-16": ("Place 16", "Capital 16"),
    "amazon": ("Which river carries most water?", "The Amazon carries more than the next seven together"),
}


def own_notes(**changed):
    lines = [
        f"    {key}: {{Front: {{html: '{front}'}}, Back: '{back}'{''.join(f', {one}' for one in more)}}}\n"
        for key, (front, back, *more) in {**NOTES, **{k.replace("_", "-"): v for k, v in changed.items()}}.items()
        if front
    ]
    return "deck: Rivers\nid: rivers-1\nnotes:\n  place:\n" + "".join(lines)


GONE = ("", "")


TEMPLATES = {
    "aetia": {
        "ask.html": "{% block front %}{{ field.Front }}{% endblock %}{% block answer %}{{ field.Back }}{% endblock %}"
    },
    "anki": {"ask.front.html": "{{Front}}", "ask.back.html": "{{FrontSide}}<hr id=answer>{{Back}}"},
}


@pytest.fixture(params=["aetia", "anki"])
def places(write_deck, request):
    """A deck of notes of an own note type, in our language and, as in decks that were taken over, in Anki's."""
    about = f"name: Place\nmarkup: {request.param}\nfields: [Front, Back]\ncards: [ask]\n"
    files = {"notetype.yaml": about, **TEMPLATES[request.param]}
    files = {f"../../templates/notetypes/place/{name}": text for name, text in files.items()}
    folder = write_deck(own_notes(), files)
    assert build(folder, own_notes(), NOW)[1] == {}
    return folder


def test_a_note_whose_key_changed_without_was_stops_the_build(places):
    for key in ("nile", "rhine", "place-15"):  # few words, many, and words that each note has
        stamped, found = build(places, own_notes(**{key: GONE, "letters": NOTES[key]}), NOW + 10)
        assert stamped is None
        assert f"`letters` is new and `{key}` is gone" in found["probable-rename"].message
        assert found["probable-rename"].place.keys == ("notes", "place", "letters")
        stamped, found = build(places, own_notes(**{key: GONE, "letters": (*NOTES[key], f"was: {key}")}), NOW + 10)
        assert found == {}
        build(places, own_notes(**{key: (*NOTES[key], "was: letters")}), NOW + 11)


def test_a_note_takes_over_the_key_of_no_other_that_is_there_and_of_none_that_another_takes(places):
    _, found = build(places, own_notes(nile=(*NOTES["nile"], "was: rhine")), NOW + 10)
    assert "the note `place/rhine` is still in the deck" in found["former-still-there"].message
    both = {"a": ("A", "B", "was: nile"), "b": ("B", "A", "was: nile"), "nile": GONE}
    assert "former-claimed-twice" in build(places, own_notes(**both), NOW + 10)[1]


def test_identity_cannot_be_carried_to_another_kind_of_entry(places):
    cause = "finding: {name: Flood, effect: rise}\ncauses:\n  snow: {was: nile, cause: Snow, mechanism: It melts}\n"
    stamped, found = build(places, own_notes(nile=GONE) + cause, NOW + 10)
    assert "`nile` was a note of the note type `place`" in found["former-elsewhere"].message
    assert found["former-elsewhere"].severity is Severity.WARNING
    assert (stamped.added, stamped.retired) == ((("cause", "snow"),), (("place", "nile"),))
    _, found = build(places, own_notes(elbe=("Where is the Elbe?", "Europe", "was: rhein")), NOW + 20)
    assert "no build had the key `rhein`" in found["unknown-former"].message


def test_a_further_note_with_the_next_number_is_no_rename(places):
    stamped, found = build(places, own_notes(place_15=GONE, place_17=("Place 17", "Capital 17")), NOW + 10)
    assert (stamped.added, stamped.retired) == ((("place", "place-17"),), (("place", "place-15"),))
    assert found == {}


def test_a_key_of_a_note_does_not_come_back_for_other_words(places):
    build(places, own_notes(amazon=GONE), NOW + 10)
    stamped, found = build(places, own_notes(amazon=("Which river was dammed at Aswan?", "The Nile")), NOW + 20)
    assert stamped is None
    assert "`amazon` was the key of an entry that is gone" in found["key-used-again"].message
    build(places, own_notes(amazon=GONE, place_15=GONE), NOW + 30)
    assert build(places, own_notes(place_15=("Place 15", "Capital XV")), NOW + 40)[1] == {}, "the same, corrected"


def test_swapped_keys_of_notes_stop_the_build(places):
    stamped, found = build(places, own_notes(rhine=NOTES["amazon"], amazon=NOTES["rhine"]), NOW + 10)
    assert stamped is None
    assert "swapped-keys" in found
    assert "swapped-keys" in build(places, own_notes(nile=NOTES["place-15"], place_15=NOTES["nile"]), NOW + 10)[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hagma", "hyponatraemia", "leukopenia", "outage"])
def test_no_two_entries_of_a_shipped_deck_look_like_one(name, tmp_path):
    """Each entry in turn is taken out and another comes in: none is taken for a rename, a swap or a key used again."""
    from shutil import copytree

    from generator.ledger.histories import _ALIKE, _Memories
    from generator.workflows.prepare import prepare

    prepared, _ = prepare(copytree(bundled("decks") / name, tmp_path / "decks" / name), NOW)
    lock, notes = prepared.stamped.lock, prepared.stamped.release.notes.notes
    for kind in {note.note_type for note in notes}:
        entries = [n.id for n in notes if n.note_type == kind and any(key == n.key for _, key in n.entries)]
        memories = _Memories((id_, lock.notes[id_]) for id_ in entries)
        alike = [
            (id_.key, nearest)
            for id_ in entries
            if (nearest := memories.nearest(lock.notes[id_], [i for i in entries if i != id_])) and nearest[0] >= _ALIKE
        ]
        assert alike == []


def test_guid_of_a_note_that_gave_way_is_never_given_again(rivers):
    build(rivers, deck(thaw=None, meltwater=RENAMED), NOW + 10, retire=True)
    stamped, _ = build(rivers, deck(thaw=None, meltwater=(*RENAMED, "was: thaw")), NOW + 20)
    guids = [record.guid for record in stamped.lock.notes.values()]
    assert derive_guid("rivers-1", NoteId("cause", "meltwater")) in guids
    assert len(set(guids)) == len(guids)
