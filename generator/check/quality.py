"""Lints on the cards that are made: whether each has one right answer that takes a few seconds."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from generator.check.settings import Settings
from generator.check.sides import Side, read_sides
from generator.check.similar import similar_pairs, word_pairs
from generator.diagnostics import Diagnostic, Place, Related, Severity
from generator.model.deck import Deck
from generator.model.lint_words import LintWords
from generator.model.notes import NoteSet
from generator.text.words import names_anyone, words_of

_KINDS = {"cause": "causes", "fact": "facts", "category": "categories"}
_KEY_PARTS = re.compile(r"[^a-z0-9.-]+")
"""What joins the keys of two entries to that of a note about both."""
_STEM = 5
"""Letters by which two forms of a word are known for one."""
_QUESTION_MARKS = ("?", "\uff1f", "\u061f")
_CLAUSE_END = re.compile(r"[,.:;]")
_SENTENCE_END = re.compile(r"[.!?\u3002\uff01\uff1f]\s+(?=\S)")


@dataclass(frozen=True)
class Inspection:
    """What the lints on cards work with."""

    deck: Deck
    notes: NoteSet
    sides: tuple[Side, ...]
    words: LintWords
    common: frozenset[str]
    settings: Settings

    def stems(self, words: Iterable[str]) -> frozenset[str]:
        """The beginnings of the words that tell something."""
        return frozenset(word[:_STEM] for word in words if len(word) >= _STEM and word not in self.common)

    def length(self, field: str, part: str) -> float:
        """The most words of a question or answer: those for the field that it is in, if there are any."""
        own = f"{field.lower().replace(' ', '-')}-words"
        known = own in self.settings.limits("too-long")
        return self.settings.limit("too-long", own if known else f"{part}-words")

    def offers(self, side: Side) -> bool:
        """Whether a question names its answer as one of two options."""
        shown = {*words_of(side.ask), *side.cue_words}
        first = words_of(_CLAUSE_END.split(side.answer, maxsplit=1)[0])
        joints = {word for text in self.words.alternatives for word in words_of(text)}
        return bool(first) and not joints.isdisjoint(shown) and shown.issuperset(first)

    def place(self, side: Side, field: str) -> Place:
        """Where the author wrote what stands in a field of a card."""
        name = field.lower().replace(" ", "-")
        kind, key, deck = _KINDS.get(side.note.note_type), side.note.key, self.deck
        for part in (key, *_KEY_PARTS.split(key)) if kind != "categories" else ():
            for entries, group in (("causes", deck.causes), ("facts", deck.facts)):
                if kind in (None, entries) and (entry := group.get(part)):
                    written = getattr(entry, name.replace("-", "_"), None)
                    return deck.place(entries, part, name) if written else deck.place(entries, part, on_key=True)
        return deck.branch_place(key, on_key=True) if key in deck.tree else deck.place("finding", on_key=True)


def inspect(deck: Deck, notes: NoteSet, words: LintWords, settings: Settings) -> Inspection:
    """Read the cards of a deck for the lints."""
    finding = deck.settings.finding
    common = (*words.function_words, finding.name, finding.effect, *finding.aka)
    folded = frozenset(word for text in (*common, *deck.settings.common_words) for word in words_of(text))
    return Inspection(deck, notes, tuple(read_sides(notes)), words, folded, settings)


def check_leaks(ctx: Inspection) -> Iterator[Diagnostic]:
    """No question gives its answer away: not the answer itself, another name of it, nor a rare word of it."""
    longest = ctx.settings.limit("answer-leaked", "answer-words")
    most = ctx.settings.limit("shared-word", "notes")
    names = {words_of(cause.cause): cause.aka for cause in ctx.deck.causes.values()}
    holders: Counter[str] = Counter()
    for _, sides in groupby(ctx.sides, lambda side: side.note.key):
        holders.update(frozenset().union(*(ctx.stems(side.cue_words) | ctx.stems(side.answer_words) for side in sides)))
    for side in ctx.sides:
        if not side.answer or len(side.answer_words) > longest or ctx.notes.note_types[side.note.note_type].cloze:
            continue
        wanted = (side.answer, *names.get(side.answer_words, ()))
        if ctx.offers(side):
            continue
        if leaked := names_anyone(side.cue or side.ask, wanted, ctx.common):
            yield _finding(ctx, "answer-leaked", f"the question gives its answer away: “{leaked}”", side, cue=True)
            continue
        shared = {stem for stem in ctx.stems(side.cue_words) if holders[stem] <= most}
        if word := next((word for word in side.answer_words if word[:_STEM] in shared and len(word) >= _STEM), None):
            message = f"“{word}” stands in the question and in its answer, and in hardly any other card"
            yield _finding(ctx, "shared-word", message, side, Severity.WARNING, cue=True)


def check_choices(ctx: Inspection) -> Iterator[Diagnostic]:
    """Few questions name two options of which one is right."""
    share, least = (ctx.settings.limit("many-choices", name) for name in ("share", "cards"))
    offered = sum(ctx.offers(side) for side in ctx.sides)
    if len(ctx.sides) >= least and offered > share * len(ctx.sides):
        message = f"{offered} of {len(ctx.sides)} questions name the answer as one of two; at most {share:.0%} should"
        yield Diagnostic("many-choices", message, ctx.deck.place("finding", on_key=True), Severity.WARNING)


def check_ambiguous(ctx: Inspection) -> Iterator[Diagnostic]:
    """No two cards ask the same and want different answers."""
    first: dict[tuple[tuple[str, ...], tuple[str, ...]], Side] = {}
    for side in ctx.sides:
        if ctx.notes.note_types[side.note.note_type].cloze:
            continue
        other = first.setdefault((words_of(side.ask), side.cue_words), side)
        if other is not side and other.answer_words != side.answer_words:
            yield Diagnostic(
                "ambiguous-question",
                f"two cards ask the same, and this one wants “{_short(side.answer)}”",
                ctx.place(side, side.cue_field),
                hint="add what tells the two apart",
                related=(Related(f"this one wants “{_short(other.answer)}”", ctx.place(other, other.cue_field)),),
            )


def check_similar(ctx: Inspection) -> Iterator[Diagnostic]:
    """No two long questions read almost alike and want different answers."""
    ratio, least = (ctx.settings.limit("similar-questions", name) for name in ("ratio", "words"))
    groups: dict[tuple[str, int], list[Side]] = defaultdict(list)
    for side in ctx.sides:
        if len(side.cue_words) >= least and not ctx.notes.note_types[side.note.note_type].cloze:
            groups[side.note.note_type, side.template].append(side)
    for sides in groups.values():
        for one, other in similar_pairs([" ".join(side.cue_words) for side in sides], ratio, word_pairs):
            if sides[one].answer_words != sides[other].answer_words:
                place = ctx.place(sides[one], sides[one].cue_field)
                message = f"almost the same question has the answer “{_short(sides[one].answer)}”"
                related = (Related("the other is here", place),)
                found = _finding(ctx, "similar-questions", message, sides[other], cue=True)
                yield replace(found, related=related)


def check_length(ctx: Inspection) -> Iterator[Diagnostic]:
    """Question and answer are short enough to be answered in ten seconds; what is much longer is an error."""
    factor, deletion = (ctx.settings.limit("too-long", name) for name in ("error-from", "deletion-words"))

    def judge(what: str, count: int, limit: float, side: Side, *, cue: bool = False) -> Iterator[Diagnostic]:
        if count > limit:
            severity = Severity.ERROR if count > factor * limit else Severity.WARNING
            yield _finding(ctx, "too-long", f"{what} {count} words; {limit:.0f} are enough", side, severity, cue=cue)

    for side in ctx.sides:
        if ctx.notes.note_types[side.note.note_type].cloze:
            for text, _ in side.hints:
                yield from judge(f"to recall “{_short(text)}” takes", len(words_of(text)), deletion, side)
            continue
        question, answer = ctx.length(side.cue_field, "question"), ctx.length(side.answer_field, "answer")
        yield from judge("this question has", len(side.cue_words), question, side, cue=True)
        yield from judge("this answer has", len(side.answer_words), answer, side)


def check_single_fact(ctx: Inspection) -> Iterator[Diagnostic]:
    """An answer is one fact."""
    most = ctx.settings.limit("several-facts", "parts")
    for side in ctx.sides:
        if not side.hints and len(_SENTENCE_END.split(side.answer.strip())) > most:
            yield _finding(ctx, "several-facts", "this answer holds several sentences", side, Severity.WARNING)


def check_guessable(ctx: Inspection) -> Iterator[Diagnostic]:
    """No question can be answered by yes or no."""
    starts = {words_of(word) for word in ctx.words.question_starts}
    joints = {word for text in ctx.words.alternatives for word in words_of(text)}
    truths = {words_of(word) for word in ctx.words.truth_values}
    for side in ctx.sides:
        questions = [words_of(text) for text in (side.ask, side.cue) if text.rstrip().endswith(_QUESTION_MARKS)]
        asked = any(words[:1] in starts and joints.isdisjoint(words) for words in questions)
        if asked or words_of(_CLAUSE_END.split(side.answer, maxsplit=1)[0]) in truths:
            yield _finding(ctx, "yes-or-no", "this question can be answered by yes or no", side, cue=True)


def check_vague(ctx: Inspection) -> Iterator[Diagnostic]:
    """No answer is so vague that nobody can tell whether it was right."""
    vague = [words_of(text) for text in (*ctx.words.vague, *ctx.settings.words("vague-answer"))]
    firsts = {words[0] for words in vague if words}
    longest = ctx.settings.limit("vague-answer", "answer-words")
    for side in ctx.sides:
        words = side.answer_words
        if len(words) > longest or firsts.isdisjoint(words):
            continue
        for phrase in vague:
            if any(words[i : i + len(phrase)] == phrase for i in range(len(words))):
                yield _finding(
                    ctx, "vague-answer", f"“{' '.join(phrase)}” makes the answer vague", side, Severity.WARNING
                )
                break


def check_hints(ctx: Inspection) -> Iterator[Diagnostic]:
    """No hint shows most of the word that it hints at."""
    share = ctx.settings.limit("telling-hint", "share")
    for side in ctx.sides:
        for text, hint in side.hints:
            if len(shown := hint.rstrip("….")) > max(1, share * len(text)):
                message = f"the hint “{hint}” shows {len(shown)} of the {len(text)} letters of “{text}”"
                yield _finding(ctx, "telling-hint", message, side, Severity.WARNING)


def check_cards_made(ctx: Inspection) -> Iterator[Diagnostic]:
    """Every cause yields a card, unless its author left all of them out."""
    made = {side.note.key for side in ctx.sides if side.note.note_type != "category"}
    made |= {part for key in made for part in _KEY_PARTS.split(key)}
    for key, cause in ctx.deck.causes.items():
        if key not in made and not cause.cards.only and ("causes", key) not in ctx.deck.retracted:
            place = ctx.deck.place("causes", key, on_key=True)
            reasons = "; ".join(f"{w.card}: {w.reason}" for w in ctx.notes.withheld if w.key == key)
            yield Diagnostic("no-cards", f"no card is made of `{key}`", place, Severity.WARNING, hint=reasons or None)


CARD_LINTS = (
    check_leaks,
    check_choices,
    check_ambiguous,
    check_similar,
    check_length,
    check_single_fact,
    check_guessable,
    check_vague,
    check_hints,
    check_cards_made,
)


def _finding(  # what a card has and what is wrong with it
    ctx: Inspection, code: str, message: str, side: Side, severity: Severity = Severity.ERROR, *, cue: bool = False
) -> Diagnostic:
    """What is wrong at the question or at the answer of a card."""
    return Diagnostic(code, message, ctx.place(side, side.cue_field if cue else side.answer_field), severity)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
