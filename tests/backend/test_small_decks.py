"""The smallest decks, and decks that are not medicine or not English, all the way into Anki."""

from conftest import MINIMAL, NOW


def test_ten_lines_make_a_deck_that_anki_imports(build_deck, anki_import):
    assert len(MINIMAL.splitlines()) < 11
    imported = anki_import(build_deck(MINIMAL).package)
    assert imported.counts == (2, 0, 0, 0)
    assert imported.collection.card_count() == 2


def test_the_same_package_imported_twice_changes_nothing(build_deck, anki_import):
    package = build_deck(MINIMAL).package
    collection = anki_import(package).collection
    assert anki_import(package, collection).counts == (0, 0, 2, 0)


def test_a_changed_text_reaches_the_learner_and_nothing_else_does(build_deck, anki_import):
    collection = anki_import(build_deck(MINIMAL).package).collection
    changed = MINIMAL.replace("Salt is lost", "Sodium is lost")
    assert anki_import(build_deck(changed, now=NOW + 60).package, collection).counts == (0, 1, 1, 0)


def test_the_command_builds_a_deck_of_ten_lines(write_deck, run_aetia):
    project = write_deck(MINIMAL, name="hyponatraemia").parents[1]
    done = run_aetia("build", "hyponatraemia", cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert (project / "dist" / "hyponatraemia.apkg").is_file()


OUTAGE = """\
deck: Operations::Outage
finding:
  {name: Server outage, effect: take the service down, listed: true, ordered: true, mnemonic: Arrive then run then keep}
categories:
  network: {name: Network, definition: Requests do not arrive}
  compute: {name: Compute, definition: Requests arrive and are not worked on}
  storage: {name: Storage, definition: Work is done and cannot be kept, listed: true}
facets:
  warning: {name: Warning, values: {hours: Hours before, none: None}}
causes:
  expired-certificate:
    cause: Expired certificate
    category: network
    mechanism: Clients refuse the connection because nobody vouches for the key any more
    clue: Everything fails at midnight **sharp**, and only over TLS
    facets: {warning: none}
  dns-change:
    cause: Wrong DNS record
    category: network
    mechanism: Names lead to an address where nothing listens
  route-leak:
    cause: Route leak
    category: network
    mechanism: Another network announces the address range & draws the traffic away
  memory-leak:
    cause: Memory leak
    category: compute
    mechanism:
      summary: The process grows until the kernel ends it
      steps: [Heap grows, No page is free, Process is killed]
    clue: "Resident size climbs in a straight line: <1 GB on Monday, >8 GB on Friday"
    facets: {warning: hours}
  deadlock:
    cause: Deadlock
    category: compute
    mechanism: Two workers each wait for what the other holds
  retry-storm:
    cause: Retry storm
    category: compute
    mechanism: Clients repeat what failed, and load of $n$ calls becomes $n^2$
  bad-release:
    cause: Bad release
    category: compute
    mechanism: New code fails on input that the tests never sent
  full-disk:
    cause: Full disk
    category: storage
    mechanism: The database stops when its log cannot grow
  failed-replica:
    cause: Failed replica
    category: storage
    mechanism: Writes wait for an acknowledgement that never comes
  corrupt-index:
    cause: Corrupt index
    category: storage
    mechanism: Look-ups end in pages that hold something else
"""

GERMAN = """\
deck: Medizin::Leukopenie
language: de
notice: true
finding: {name: Leukopenie, effect: die Leukozyten senken, listed: true}
categories: {bildung: Bildungsstörung, verlust: Verlust}
causes:
  folsaeuremangel:
    cause: Folsäuremangel
    category: bildung
    mechanism: Ohne Folat stockt die DNA-Synthese, und „große“ Vorläufer gehen im Mark zugrunde
  hypersplenismus:
    cause: Hypersplenismus
    category: verlust
    mechanism: {summary: Die vergrößerte Milz hält Zellen zurück, certainty: probable}
"""


def shown(imported, search):
    """What Anki shows of the cards that a search finds: (front, back) each."""
    outputs = [imported.collection.get_card(cid).render_output() for cid in imported.collection.find_cards(search)]
    return [(output.question_text, output.answer_text) for output in outputs]


def test_a_deck_of_ten_outages_needs_no_change_to_code_or_templates(build_deck, anki_import):
    built = build_deck(OUTAGE, name="outage")
    imported = anki_import(built.package)
    assert imported.counts[0] == len(built.prepared.stamped.release.notes.notes)
    assert len(imported.collection.find_notes('"note:Outage · Cause"')) == 10
    assert not imported.collection.get_empty_cards().notes
    (front, back), *_ = shown(imported, "Key:memory-leak card:mechanism")
    assert '<b class="named">Memory leak</b>: how can this take the service down?' in front
    assert "No page is free" in back
    assert imported.collection.find_notes("tag:outage::storage Key:full-disk")
    lists = shown(imported, '"note:Outage · List"')
    assert any("Network" in back for _, back in lists)


def test_a_german_deck_asks_in_german(build_deck, anki_import):
    imported = anki_import(build_deck(GERMAN, name="leukopenie").package)
    ((front, back),) = shown(imported, "Key:hypersplenismus card:mechanism")
    assert "Hypersplenismus" in front
    assert "Wahrscheinlicher Mechanismus" in back
    assert "Die vergrößerte Milz hält Zellen zurück" in back
    cards = "".join(side for sides in shown(imported, "deck:Medizin::*") for side in sides)
    assert not [word for word in ("Which", "How ", "Probable", "Sources", "Draft") if word in cards]
    description = imported.collection.decks.by_name("Medizin::Leukopenie")["desc"]
    assert description.startswith("<p>Nur zum Lernen.")
