"""What changed, as JSON for programs. The form is stable: `format` increases if a key changes its meaning or is gone.

`deck`, `deck_was`, `since`, `summary`; `counts` of entries by kind and `unchanged`; `effect` on a learner's notes;
`decks` with `was`, `deck` and `cards` (those that learners have and that stay); `note_types` with `name`, `parts` and
`matches`; and `entries`. An entry has `kind` (new, returned, retired, renamed, moved, changed), `note_type`, `key`,
`title`, `guid`, `was`, `moved` (`from`, `to`), `fields` (`name`, `before` and `after` in HTML, `words` as pairs of `=`,
`-` or `+` and text), `tags` and `cards` (`gone`, `new`) and `correction`.
"""

import json
from dataclasses import asdict

from generator.changes.changelog import Changelog, EntryChange

FORMAT = 1


def changes_json(changes: Changelog) -> str:
    """Return the changelog as JSON."""
    document = {
        "format": FORMAT,
        "deck": changes.deck,
        "deck_was": changes.deck_was,
        "since": changes.since,
        "summary": changes.summary,
        "counts": changes.counts,
        "unchanged": changes.unchanged,
        "effect": asdict(changes.effect),
        "decks": [asdict(deck) for deck in changes.decks],
        "note_types": [asdict(note_type) for note_type in changes.note_types],
        "entries": [_entry(entry) for entry in changes.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _entry(entry: EntryChange) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "note_type": entry.note_type,
        "key": entry.key,
        "title": entry.title,
        "guid": entry.guid,
        "was": entry.was,
        "moved": {"from": entry.moved[0], "to": entry.moved[1]} if entry.moved else None,
        "fields": [
            {
                "name": field.name,
                "before": field.before,
                "after": field.after,
                "words": [[span.mark, span.text] for span in field.words],
            }
            for field in entry.fields
        ],
        "tags": {"gone": entry.tags_gone, "new": entry.tags_new},
        "cards": {"gone": entry.cards_gone, "new": entry.cards_new},
        "correction": asdict(entry.correction) if entry.correction else None,
    }
