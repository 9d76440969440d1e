"""Lints on the finished cards: each should be a question worth asking, with one right answer in a few seconds."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from generator.check.inspection import Asked, Inspection
from generator.check.similar import similar_pairs, word_pairs
from generator.diagnostics import Diagnostic, Place, Related, Severity
from generator.files import is_inside
from generator.model.deck import Deck
from generator.model.kinds import BY_NAME
from generator.model.notes import NoteSet, Withheld
from generator.resources import bundled, project_templates
from generator.text.active import active_in_html
from generator.text.short import shorten
from generator.text.words import words_of

_QUESTION_MARKS = ("?", "\uff1f", "\u061f")
_SENTENCE_END = r"(?:\.(?<!\b\w\.){}|[!?\u3002\uff01\uff1f])\s+(?=\S)"
"""The end of a sentence before another one. A stop after a single letter, or after an abbreviation, is none."""
_UNEVEN = 6
"""One side of a contrast must be longer by this many words before the share counts."""


def kinds_not_made(deck: Deck, notes: NoteSet) -> Iterator[str]:
    """Yield the kinds that the whole deck asks for of which no card is made or reported as withheld."""
    told = {card.kind for note in notes.notes for card in note.cards} | {lost.kind for lost in notes.withheld}
    for name in dict.fromkeys(deck.settings.cards.add if notes.notes else ()):
        if name not in told and not BY_NAME[name].default:
            yield name


def causes_without_cards(deck: Deck, notes: NoteSet) -> Iterator[str]:
    """Yield the keys of the causes that get no card although their authors left none out."""
    made = {entry for note in notes.notes for entry in note.entries if note.note_type != "list"}
    for key, cause in deck.causes.items():
        if ("causes", key) not in made and not cause.cards.only and ("causes", key) not in deck.retracted:
            yield key


def check_made(ctx: Inspection) -> Iterator[Diagnostic]:
    """Every card that the author asks for is made."""
    for lost in ctx.notes.withheld:
        place, reason = _why(ctx, lost)
        yield Diagnostic("card-not-made", f"no `{lost.kind}` card: {reason}", place, hint=lost.mend)


def check_asked_kinds(ctx: Inspection) -> Iterator[Diagnostic]:
    """Each kind of card that the whole deck asks for makes at least one card."""
    chosen = ctx.deck.settings.cards
    for name in kinds_not_made(ctx.deck, ctx.notes):
        waiting = ctx.notes.waiting.get(name, 0)
        if name in chosen.skip:
            why, hint = "`skip` leaves the kind out", f"take `{name}` out of `add` or of `skip`"
        elif waiting:
            entries = "1 entry has" if waiting == 1 else f"{waiting} entries have"
            why = f"{entries} what it needs, but only reviewed entries get one, and none is reviewed"
            hint = f"have entries reviewed, or write {chosen.unreviewed_too(name)} beside `add`"
        else:
            why = f"nothing in this deck has what it needs: {BY_NAME[name].made_when}"
            hint = f"`aetia explain {name}` shows what to write; or take `{name}` out of `add`"
        place = ctx.deck.place("cards", "add", chosen.add.index(name))
        yield Diagnostic("card-not-made", f"no `{name}` card at all: {why}", place, hint=hint)


def check_doubted(ctx: Inspection) -> Iterator[Diagnostic]:
    """No card that learners have begins to give its answer away."""
    for card in ctx.notes.doubted:
        place, reason = _why(ctx, card)
        message = f"learners have this `{card.kind}` card, so it stays, but {reason}"
        yield Diagnostic("answer-leaked", message, place, hint=card.mend, override=Severity.WARNING)


def _why(ctx: Inspection, card: Withheld) -> tuple[Place, str]:
    """Return where and why a card should not be made, with the word that is the reason."""
    about = f" (“{card.word}”)" if card.word else ""
    return replace(ctx.deck.entry_place(card.entry, *card.at), within=card.word), f"{card.reason}{about}"


def check_blank(ctx: Inspection) -> Iterator[Diagnostic]:
    """Every card asks something. One that asks nothing is made only if learners have it."""
    for note in ctx.notes.notes:
        if note.card_ordinals and not note.cards:
            message = (
                f"learners have this `{note.note_type}` card, so it stays, but no front shows a field that is filled"
            )
            hint = (
                "fill one that a front shows; or delete the entry, and the build names the note for learners to delete"
            )
            yield Diagnostic("empty-front", message, ctx.deck.entry_place(note.entries[0]), hint=hint)


def check_answered(ctx: Inspection) -> Iterator[Diagnostic]:
    """Every card has an answer."""
    for asked in ctx.cards:
        if not asked.card.answer:
            message = f"the back of this `{asked.card.kind}` card shows no word of the note"
            yield Diagnostic("empty-answer", message, ctx.at_answer(asked))


def check_leaks(ctx: Inspection) -> Iterator[Diagnostic]:
    """No question gives its answer away."""
    longest = ctx.settings.limit("answer-leaked", "answer-words")
    for asked in ctx.cards:
        card = asked.card
        if not asked.kind.worded or not asked.answer or len(asked.answer) > longest or ctx.offers(asked):
            continue
        if word := ctx.deck.stems.stands_in(card.cue or card.ask, card.answer, ctx.common):
            place = replace(ctx.at_cue(asked), within=word)
            yield Diagnostic("answer-leaked", f"the question gives its answer away: “{word}”", place)


def check_choices(ctx: Inspection) -> Iterator[Diagnostic]:
    """Few questions name two options of which one is right."""
    share, least = (ctx.settings.limit("many-choices", name) for name in ("share", "cards"))
    questions = [asked for asked in ctx.cards if asked.card.entry.kind == "questions"]
    offered = sum(ctx.offers(asked) for asked in questions)
    if len(questions) >= least and offered > share * len(questions):
        message = (
            f"{offered} of {len(questions)} questions name the answer as one of two options; at most {share:.0%} should"
        )
        yield Diagnostic("many-choices", message, ctx.deck.place("finding", on_key=True))


def check_repeats(ctx: Inspection) -> Iterator[Diagnostic]:
    """No two cards ask the same. With one answer it is asked twice; with two, nobody knows which one is wanted."""
    first: dict[tuple[tuple[str, ...], tuple[str, ...]], Asked] = {}
    for asked in ctx.cards:
        if asked.kind.parts:
            continue
        other = first.setdefault((words_of(asked.card.ask), asked.cue), asked)
        if other is asked:
            continue
        if other.answer == asked.answer:
            related = (Related("the other is here", ctx.at_cue(other)),)
            yield Diagnostic("asked-twice", "another card asks the same", ctx.at_cue(asked), related=related)
        else:
            yield Diagnostic(
                "ambiguous-question",
                f"two cards ask the same, and this one wants “{shorten(asked.card.answer)}”",
                ctx.at_cue(asked),
                hint="add what tells the two apart",
                related=(Related(f"this one wants “{shorten(other.card.answer)}”", ctx.at_cue(other)),),
            )


def check_lists(ctx: Inspection) -> Iterator[Diagnostic]:
    """No list is asked twice."""
    first: dict[frozenset[str], Asked] = {}
    for asked in ctx.cards:
        if asked.kind.wants == "members":
            other = first.setdefault(frozenset(asked.answer), asked)
            if other is not asked:
                related = (Related("the other is here", ctx.at_cue(other)),)
                yield Diagnostic("asked-twice", "another card asks for this list", ctx.at_cue(asked), related=related)


def check_similar(ctx: Inspection) -> Iterator[Diagnostic]:
    """No two long questions read almost alike and want different answers."""
    ratio, least = (ctx.settings.limit("similar-questions", name) for name in ("ratio", "words"))
    groups: dict[str, list[Asked]] = defaultdict(list)
    for asked in ctx.cards:
        if asked.kind.compared and len(asked.cue) >= least:
            groups[asked.kind.name].append(asked)
    for group in groups.values():
        for one, other in similar_pairs([" ".join(asked.cue) for asked in group], ratio, word_pairs):
            if group[one].answer != group[other].answer:
                message = f"almost the same question has the answer “{shorten(group[one].card.answer)}”"
                related = (Related("the other is here", ctx.at_cue(group[one])),)
                yield Diagnostic("similar-questions", message, ctx.at_cue(group[other]), related=related)


def check_length(ctx: Inspection) -> Iterator[Diagnostic]:
    """Question and answer are short enough for ten seconds. What is much longer is an error."""
    factor = ctx.settings.limit("too-long", "error-from")
    for asked in ctx.cards:
        kind = asked.kind
        if kind.wants != "fact":
            continue
        question = () if kind.parts else asked.cue
        for side, words, place in (("question", question, ctx.at_cue), ("answer", asked.answer, ctx.at_answer)):
            limit = ctx.limit(kind, side)
            if len(words) > limit:
                worse = Severity.ERROR if len(words) > factor * limit else None  # nobody can answer it in ten seconds
                message = f"this {side} has {len(words)} words; {limit:.0f} are enough"
                yield Diagnostic("too-long", message, place(asked), override=worse)


def check_single_fact(ctx: Inspection) -> Iterator[Diagnostic]:
    """An answer is one fact."""
    most = ctx.settings.limit("several-facts", "parts")
    abbreviations = (*ctx.words.abbreviations, *ctx.settings.words("several-facts"))
    before = "".join(rf"(?<!\b{re.escape(word.rstrip('.'))}\.)" for word in abbreviations)
    end = re.compile(_SENTENCE_END.format(before), re.IGNORECASE)
    for asked in ctx.cards:
        if asked.kind.wants == "fact" and len(end.split(asked.card.answer.strip())) > most:
            yield Diagnostic("several-facts", "this answer contains several sentences", ctx.at_answer(asked))


def check_guessable(ctx: Inspection) -> Iterator[Diagnostic]:
    """No question can be answered with yes or no."""
    starts = {words_of(word) for word in ctx.words.question_starts}
    joints = {word for text in ctx.words.alternatives for word in words_of(text)}
    truths = {words_of(word) for word in ctx.words.truth_values}
    firsts = {words[:1] for words in truths}
    for asked in ctx.cards:
        card = asked.card
        questions = [words_of(text) for text in (card.ask, card.cue) if text.rstrip().endswith(_QUESTION_MARKS)]
        yes = any(words[:1] in starts and joints.isdisjoint(words) for words in questions)
        true = asked.answer[:1] in firsts and asked.clause in truths
        if yes or true:
            yield Diagnostic("yes-or-no", "this question can be answered with yes or no", ctx.at_cue(asked))


def check_vague(ctx: Inspection) -> Iterator[Diagnostic]:
    """No answer is so vague that nobody can tell whether it was right."""
    vague = [words_of(text) for text in (*ctx.words.vague, *ctx.settings.words("vague-answer"))]
    firsts = {words[0] for words in vague if words}
    longest = ctx.settings.limit("vague-answer", "answer-words")
    for asked in ctx.cards:
        words = asked.answer
        if len(words) > longest or firsts.isdisjoint(words):
            continue
        for phrase in vague:
            if any(words[i : i + len(phrase)] == phrase for i in range(len(words))):
                message = f"“{' '.join(phrase)}” makes the answer vague"
                yield Diagnostic("vague-answer", message, ctx.at_answer(asked))
                break


def check_fronts(ctx: Inspection) -> Iterator[Diagnostic]:
    """A question in the author's own words about a mechanism names the finding, its effect or the cause."""
    finding = ctx.deck.settings.finding
    named = ctx.deck.stems.of(" ".join((finding.name, finding.effect, *finding.aka))) - _ordinary(ctx)
    for key, cause in ctx.deck.causes.items():
        question = cause.mechanism.question
        if question and not ctx.deck.stems.of(question) & (named | ctx.deck.stems.of(cause.cause)):
            message = "this question names neither the finding nor the cause; among other decks nobody can answer it"
            yield Diagnostic("lonely-question", message, ctx.deck.place("causes", key, "mechanism", "question"))


def _ordinary(ctx: Inspection) -> frozenset[str]:
    return frozenset(ctx.deck.stems.stem(word) for text in ctx.words.function_words for word in words_of(text))


def check_sides(ctx: Inspection) -> Iterator[Diagnostic]:
    """The two sides of a contrast match in length."""
    share = ctx.settings.limit("uneven-sides", "share")
    for kind, key, versus in (
        *(("causes", key, cause.versus) for key, cause in ctx.deck.causes.items()),
        *(("categories", path, branch.category.versus) for path, branch in ctx.deck.tree.items()),
    ):
        for rival, contrasts in versus.items():
            for part, contrast in contrasts.items():
                short, long = sorted(len(words_of(text)) for text in (contrast.here, contrast.there))
                if long - short > _UNEVEN and long > share * short:
                    keys = ("versus", rival, part, "here") if part else ("versus", rival, "here")
                    place = ctx.deck.place(kind, key, *keys) if kind == "causes" else ctx.deck.branch_place(key, *keys)
                    message = f"one side has {long} words and the other {short}, so they do not match"
                    yield Diagnostic("uneven-sides", message, place)


def check_examples(ctx: Inspection) -> Iterator[Diagnostic]:
    """An example that a card asks for is an instance, not another name of the cause."""
    for key, cause in ctx.deck.causes.items():
        names = {words_of(name): name for name in (cause.cause, *cause.aka)}
        for index, example in enumerate(cause.examples):
            if example.classic and (name := names.get(words_of(example.name))):
                message = f"“{name}” is a name of the cause, so nobody has to recall what it belongs to"
                yield Diagnostic("example-is-name", message, ctx.deck.place("causes", key, "examples", index, "name"))


def check_cards_made(ctx: Inspection) -> Iterator[Diagnostic]:
    """Every cause yields a card, unless its author left all of them out."""
    for key in causes_without_cards(ctx.deck, ctx.notes):
        place = ctx.deck.place("causes", key, on_key=True)
        yield Diagnostic("no-cards", f"`{key}` gets no card", place, hint="write a `mechanism` or a `clue`")


def check_made_templates(ctx: Inspection) -> Iterator[Diagnostic]:
    """No compiled card template acts or loads, even if none of its source files does."""
    folder = project_templates(ctx.deck.folder) / "notetypes"
    own = [file for file in folder.rglob("*.html") if file.is_file() and is_inside(folder, file)]
    if not own or any(active_in_html(file.read_text("utf-8", "replace")) for file in own):  # reported at its own place
        return
    for note_type in ctx.notes.note_types.values():
        ours = (bundled("templates") / "notetypes" / note_type.key).glob("*.html")
        known = {
            piece for file in ours for *_, piece in active_in_html(file.read_text("utf-8"))
        }  # Anki's own code for masks
        for template in note_type.templates:
            found = [piece for *_, piece in (*active_in_html(template.front), *active_in_html(template.back))]
            if wrong := next((piece for piece in found if piece not in known), None):
                card = f"the card `{template.name}` of `{note_type.key}`"
                message = f"{card} contains `{wrong}`, which runs a program or loads something"
                yield Diagnostic("active-template", message, Place(folder / note_type.key, closed=True))


CARD_LINTS = (
    check_made_templates,
    check_made,
    check_asked_kinds,
    check_doubted,
    check_blank,
    check_answered,
    check_leaks,
    check_choices,
    check_repeats,
    check_lists,
    check_similar,
    check_length,
    check_single_fact,
    check_guessable,
    check_vague,
    check_fronts,
    check_sides,
    check_examples,
    check_cards_made,
)
