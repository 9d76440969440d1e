"""Lints on what authors write in entries: mechanisms, sources, reviews, wording."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from generator.check.reading import Reading
from generator.check.similar import letter_runs, similar_pairs, word_pairs
from generator.check.texts import unsourced
from generator.diagnostics import Diagnostic, Place, Related, Severity
from generator.model.entries import Cause
from generator.model.lint_words import LintWords
from generator.model.notes import EntryRef
from generator.text.short import name_some
from generator.text.words import words_of

_DESCRIBING = frozenset(
    ["cause", "mechanism", "aka", "facets", "examples", "clue", "associated", "versus", "mnemonic", "image", "ask",
     "because"]
)  # fmt: skip
"""Keys with descriptions. Learners may act on the numbers in all other texts of a cause or question."""
_OF_DECK = ("description", "notice")
_RUN = 8
"""The number of successive words that two texts do not share by chance."""


def check_mechanism(ctx: Reading) -> Iterator[Diagnostic]:
    """Every cause says how it works, or that it is not known."""
    finding = ctx.deck.settings.finding
    meaningless = (*ctx.words.vacuous, *ctx.words.function_words, *ctx.settings.words("vacuous-mechanism"))
    empty = {word for text in (*meaningless, finding.name, finding.effect) for word in words_of(text)}
    for key, cause in ctx.deck.causes.items():
        mechanism = cause.mechanism
        place = ctx.deck.place("causes", key, "mechanism")
        if not mechanism.summary and mechanism.certainty != "unknown":
            hint = "write one under `summary`, or `certainty: unknown`"
            message = f"`{key}` does not say how it works"
            yield Diagnostic("no-mechanism", message, replace(place, on_key=True), hint=hint)
        elif mechanism.summary and ctx.words.vacuous and empty.issuperset(words_of(mechanism.summary)):
            message = "this mechanism would fit any cause: it does not say what happens"
            place = replace(place, keys=(*place.keys, "summary"))
            yield Diagnostic("vacuous-mechanism", message, place)


def check_cited(ctx: Reading) -> Iterator[Diagnostic]:
    """Every entry names a source, if the deck has sources or the entry is marked as checked."""
    for kind, key, entry in unsourced(ctx.deck):
        state = entry.review.state
        if state == "retracted" or (state == "draft" and not ctx.deck.sources):
            continue
        place = ctx.deck.place(kind, key, on_key=True)
        yield Diagnostic(
            "no-source",
            f"`{key}` names no source",
            place,
            hint="cite one in a text as `[@key]`, or under `sources`",
            override=None if state == "draft" else Severity.ERROR,  # a draft may still get its source
        )


def check_reviews(ctx: Reading) -> Iterator[Diagnostic]:
    """A review says by whom and when, and is not out of date."""
    months = ctx.settings.limit("stale-review", "months")
    for kind, key, entry in ctx.deck.entries:
        review, place = entry.review, ctx.deck.place(kind, key, "review", on_key=True)
        if review.state in ("checked", "reviewed") and not (review.by and review.on):
            missing = " and ".join(f"`{name}`" for name, value in (("by", review.by), ("on", review.on)) if not value)
            yield Diagnostic("incomplete-review", f"`{review.state}` needs {missing}", place)
        if ctx.today is None or review.state not in ("checked", "reviewed"):
            continue
        if review.on and review.on > ctx.today + timedelta(days=1):  # somewhere it is tomorrow already
            yield Diagnostic("impossible-review", f"the review is of {review.on}, which is in the future", place)
        elif review.on and review.next and review.next <= review.on:
            message = f"the review of {review.on} was due again on {review.next}, so it was never valid"
            yield Diagnostic("impossible-review", message, place)
        elif review.next and review.next <= ctx.today:
            yield Diagnostic("stale-review", f"the next review was due on {review.next}", place)
        elif review.on and not review.next and (ctx.today - review.on).days > months * 30.44:
            message = f"the last review was on {review.on}, more than {months:.0f} months ago"
            yield Diagnostic("stale-review", message, place)


def check_bound(ctx: Reading) -> Iterator[Diagnostic]:
    """A review says which words were read, so that it lapses when they change."""
    loose = [
        EntryRef(kind, key)
        for kind, key, entry in ctx.deck.entries
        if entry.review.state == "reviewed" and entry.review.fingerprint is None
    ]
    if loose:
        message = f"without a `fingerprint`, an edit does not end the review of {name_some(ref.key for ref in loose)}"
        hint = "`aetia review --sign` writes one"
        yield Diagnostic("unbound-review", message, ctx.deck.entry_place(loose[0], "review", on_key=True), hint=hint)


def check_lapsed(ctx: Reading) -> Iterator[Diagnostic]:
    """A text that was reviewed is still the one that was read."""
    entries = [EntryRef(kind, key) for kind, key, _ in ctx.deck.entries]
    for ref in (*entries, *(EntryRef("categories", path) for path in ctx.deck.tree)):
        if (review := ctx.deck.entry(ref).review).lapsed:
            name, reader = ref.key or ctx.deck.settings.finding.name, review.by or "its reviewer"
            place = ctx.deck.entry_place(ref, "review", on_key=True)
            message = f"`{name}` was edited since {reader} read it, so it is a draft again"
            yield Diagnostic("lapsed-review", message, place, hint="have it read again, or delete the review")


def check_corrected(ctx: Reading) -> Iterator[Diagnostic]:
    """At least one entry that covers a wrong claim names its correction, so that learners see it."""
    claims = ctx.deck.syllabus.claims
    shown = {(claim, entry.correction) for _, _, entry in ctx.deck.entries for claim in entry.covers}
    for kind, key, entry in ctx.deck.entries:
        wrong = {c: claims[c].correction for c in entry.covers if c in claims and claims[c].correction}
        if unsaid := {correction for claim, correction in wrong.items() if (claim, correction) not in shown}:
            names = ", ".join(f"`{name}`" for name in sorted(filter(None, unsaid)))
            message = f"this covers a claim that {names} corrects, and no entry that covers it names the correction"
            place = ctx.deck.place(kind, key, "covers", on_key=True)
            yield Diagnostic("uncorrected-claim", message, place)


def check_lists(ctx: Reading) -> Iterator[Diagnostic]:
    """No list is too long to learn."""
    kinds = ("associated", "steps", "classic-examples", "causes")
    limit = {name: ctx.settings.limit("long-list", name) for name in kinds}
    filled: dict[str, int] = defaultdict(int)
    for key, cause in ctx.deck.causes.items():
        filled[cause.category or ""] += 1
        lists = (
            ("associated", cause.associated, ("associated",)),
            ("steps", cause.mechanism.steps, ("mechanism", "steps")),
            ("classic-examples", tuple(e for e in cause.examples if e.classic), ("examples",)),
        )
        for name, items, keys in lists:
            if len(items) > limit[name]:
                what = "associated findings" if name == "associated" else name.replace("-", " ")
                message = f"{len(items)} {what} are too many to learn; the limit is {limit[name]:.0f}"
                yield Diagnostic("long-list", message, ctx.deck.place("causes", key, *keys, on_key=True))
    for path, count in filled.items():
        if path and count > limit["causes"]:
            message = f"`{path}` has {count} causes side by side; split it, as the limit is {limit['causes']:.0f}"
            place = ctx.deck.branch_place(path, on_key=True)
            yield Diagnostic("long-list", message, place, override=Severity.INFO)  # no card asks for all of them


def check_near_duplicates(ctx: Reading) -> Iterator[Diagnostic]:
    """No two causes have almost the same name, and no two of one category almost the same mechanism."""
    names = list(ctx.deck.causes.items())
    ratio = ctx.settings.limit("similar-names", "ratio")
    for one, other in similar_pairs([" ".join(words_of(cause.cause)) for _, cause in names], ratio, letter_runs):
        if _one_by_one(names[one][1].cause, names[other][1].cause):
            first, key = names[one][0], names[other][0]
            yield Diagnostic(
                "similar-names",
                f"`{first}` has almost the same name",
                ctx.deck.place("causes", key, "cause"),
                hint="join the two, or name what sets them apart",
                related=(Related("the other is here", ctx.deck.place("causes", first, "cause")),),
            )
    known = [(key, cause) for key, cause in names if cause.mechanism.summary]
    summaries = [" ".join(words_of(cause.mechanism.summary or "")) for _, cause in known]
    ratio = ctx.settings.limit("similar-mechanisms", "ratio")
    for one, other in (*_copies(known, summaries), *similar_pairs(summaries, ratio, word_pairs)):
        if known[one][1].category == known[other][1].category:
            first, key = known[one][0], known[other][0]
            yield Diagnostic(
                "similar-mechanisms",
                f"`{first}` has {'' if summaries[one] == summaries[other] else 'almost '}the same mechanism",
                ctx.deck.place("causes", key, "mechanism", "summary"),
                hint="say what sets them apart",
                related=(Related("the other is here", ctx.deck.place("causes", first, "mechanism", "summary")),),
            )


def _copies(causes: Sequence[tuple[str, Cause]], summaries: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the indices of each cause whose mechanism has the words of an earlier one of its category, and of that."""
    first: dict[tuple[str | None, str], int] = {}
    for index, ((_, cause), summary) in enumerate(zip(causes, summaries, strict=True)):
        if summary and (one := first.setdefault((cause.category, summary), index)) != index:
            yield one, index


def _one_by_one(one: str, other: str) -> bool:
    """Return whether each word of two names resembles its counterpart, so that no word distinguishes the names."""
    from rapidfuzz import fuzz

    words, others = words_of(one), words_of(other)
    return len(words) == len(others) and all(fuzz.ratio(*pair) >= 80 for pair in zip(words, others, strict=True))


def check_contrasts(ctx: Reading) -> Iterator[Diagnostic]:
    """Only one end of a pair declares a contrast in a property."""
    for key, cause in ctx.deck.causes.items():
        for other, contrasts in cause.versus.items():
            rival = ctx.deck.causes.get(other)
            if not (rival and key in rival.versus and other < key and contrasts.keys() & rival.versus[key].keys()):
                continue
            place = ctx.deck.place("causes", key, "versus", other, on_key=True)
            related = Related("the other is here", ctx.deck.place("causes", other, "versus", key, on_key=True))
            message = f"`{other}` is contrasted with `{key}` already, and only one of the two is asked"
            yield Diagnostic("double-contrast", message, place, related=(related,))


def check_axes(ctx: Reading) -> Iterator[Diagnostic]:
    """The property of a contrast fits into the question of its card, and is not a question itself."""
    starts = {
        word for text in (*ctx.words.clause_starts, *ctx.settings.words("clause-axis")) for word in words_of(text)
    }
    for keys, text in ctx.texts if starts else ():
        if keys[-1] == "on" and "versus" in keys and (first := next(iter(words_of(text)), "")) in starts:
            message = f"this property is a question with “{first}”, and the card asks one already"
            yield Diagnostic("clause-axis", message, ctx.deck.place(*keys), hint="name the property with a noun")


def check_words(ctx: Reading) -> Iterator[Diagnostic]:
    """No text is absolute, outdated, a dose or an instruction."""
    instead = ctx.settings.instead("outdated-term")
    absolutes = _Phrases((*ctx.words.absolutes, *ctx.settings.words("absolute")))
    outdated = _Phrases(instead)
    orders = _Phrases((*ctx.words.instructions, *ctx.settings.words("instruction")))
    gradual = _gradual(ctx.words)
    units = sorted((*ctx.words.dose_units, *ctx.settings.words("dose")), key=len, reverse=True)
    unit = "|".join(re.escape(unit) + ("" if "/" in unit else "(?!/)") for unit in units)  # 2 mg/dl is no dose
    dose = re.compile(rf"(?<![\w.,])\d[\d.,]*[ \u00a0]?(?:{unit})(?!\w)") if units else None
    folded = {old.casefold(): new for old, new in instead.items()}
    firsts = absolutes.firsts | outdated.firsts | orders.firsts
    for keys, text in ctx.texts:
        present = words_of(text)
        if firsts.isdisjoint(present) or keys[0] in _OF_DECK:
            continue
        narrated = "steps" in keys  # a chain describes one course of events
        if not narrated and "[@" not in text and (found := absolutes.find(gradual.sub("", text), present)):
            message = f"“{found}” is hardly ever true, and gives an answer away; cite who says so, or say how often"
            yield Diagnostic("absolute", message, ctx.within(keys, found))
        if (found := outdated.find(text, present)) and "aka" not in keys:
            message = f"“{found}” is outdated"
            yield Diagnostic(
                "outdated-term", message, ctx.within(keys, found), hint=f"write “{folded[found.casefold()]}”"
            )
        if found := orders.find(text, present):
            message = f"“{found}” tells a person what to do; a card teaches and does not advise"
            yield Diagnostic("instruction", message, ctx.within(keys, found))
    for keys, text in ctx.numbers:
        if dose and keys[0] not in _OF_DECK and (match := dose.search(text)):
            message = f"“{match[0]}” reads like a dose; cards must not contain doses"
            yield Diagnostic("dose", message, ctx.within(keys, match[0]))


def _gradual(words: LintWords) -> re.Pattern[str]:
    """Phrases in which a word for “always” says that something grows or continues: `immer größer`."""
    but = "|".join(map(re.escape, words.function_words))
    phrases = (re.escape(phrase).replace(r"\*", rf"(?!(?:{but})\b)[^\W\d_A-ZÄÖÜ]+") for phrase in words.gradual)
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases) or '(?!)'})(?!\w)")


def check_numbers(ctx: Reading) -> Iterator[Diagnostic]:
    """A number that learners may act on has its own source, if the deck has sources."""
    for keys, text in ctx.numbers if ctx.deck.sources else ():
        if keys[0] not in ("causes", "questions") or keys[2] in _DESCRIBING or "[@" in text:
            continue
        if not any(word[0].isdecimal() for word in words_of(text)):
            continue
        if keys[0] == "questions" and ctx.deck.questions[str(keys[1])].sources:
            continue
        message = "this number has no source of its own"
        yield Diagnostic("uncited-number", message, ctx.deck.place(*keys), hint="cite one in the text as `[@key]`")


def check_units(ctx: Reading) -> Iterator[Diagnostic]:
    """A deck gives a quantity in one unit, or in both."""
    groups = {unit: group for group in ctx.words.unit_groups for unit in group}
    units = "|".join(re.escape(unit) for unit in sorted(groups, key=len, reverse=True))
    quantity = re.compile(rf"(?<![\w.,])\d[\d.,]*[ \u00a0]?({units})(?!\w)")
    used: dict[tuple[str, ...], dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for keys, text in ctx.numbers if units else ():
        found = {match[1]: match[0] for match in quantity.finditer(text)}
        for unit, piece in found.items():
            if not any(other != unit and groups[other] == groups[unit] for other in found):
                used[groups[unit]][unit].append(ctx.within(keys, piece))
    for uses in used.values():
        usual = max(uses, key=lambda unit: len(uses[unit]))
        for unit in uses.keys() - {usual}:
            for place in uses[unit]:
                message = f"“{place.within}” is in a different unit; elsewhere in the deck it is `{usual}`"
                related = (Related(f"such as here, in `{usual}`", replace(uses[usual][0], within=None)),)
                yield Diagnostic("mixed-units", message, place, hint="convert it, or give both", related=related)


def check_first_checks(ctx: Reading) -> Iterator[Diagnostic]:
    """A first check names a test, and does not just say to test."""
    said = (*ctx.words.generic_checks, *ctx.words.function_words, *ctx.settings.words("vague-check"))
    empty = {word for text in said for word in words_of(text)}
    for key, cause in ctx.deck.causes.items():
        words = words_of(cause.first_check or "")
        if words and ctx.words.generic_checks and empty.issuperset(words):
            place = ctx.deck.place("causes", key, "first-check")
            message = "this first check would fit any cause: it names no test"
            yield Diagnostic("vague-check", message, place)


def check_clues(ctx: Reading) -> Iterator[Diagnostic]:
    """Most causes of a deck have a clue, by which learners recognise them."""
    share, least = (ctx.settings.limit("few-clues", name) for name in ("share", "causes"))
    causes = ctx.deck.causes
    without = [key for key, cause in causes.items() if not cause.clue]
    if len(causes) >= least and len(without) > share * len(causes):
        message = f"{len(without)} of {len(causes)} causes have no `clue`, such as `{without[0]}`"
        yield Diagnostic("few-clues", message, ctx.deck.place("finding", on_key=True))


def check_own_words(ctx: Reading) -> Iterator[Diagnostic]:
    """No text repeats a claim of the syllabus word for word."""
    runs: dict[tuple[str, ...], str] = {}
    for key, claim in ctx.deck.syllabus.claims.items():
        words = words_of(claim.claim)
        runs |= {words[i : i + _RUN]: key for i in range(len(words) - _RUN + 1)}
    for keys, text in ctx.texts if runs else ():
        words = words_of(text)
        found = next((runs[run] for i in range(len(words) - _RUN + 1) if (run := words[i : i + _RUN]) in runs), None)
        if found and keys[0] != "corrections":
            message = f"{_RUN} words in a row are those of `{found}`; use your own words"
            yield Diagnostic("copied-words", message, ctx.deck.place(*keys))


ENTRY_LINTS = (
    check_mechanism,
    check_cited,
    check_reviews,
    check_bound,
    check_lapsed,
    check_corrected,
    check_lists,
    check_near_duplicates,
    check_contrasts,
    check_axes,
    check_words,
    check_numbers,
    check_units,
    check_first_checks,
    check_clues,
    check_own_words,
)


class _Phrases:
    """Phrases to find as whole words, in any case."""

    def __init__(self, phrases: Iterable[str] | Mapping[str, str]) -> None:
        found = [(words_of(phrase), phrase) for phrase in phrases]
        self.firsts = frozenset(words[0] for words, _ in found if words)
        longest = sorted((re.escape(phrase) for _, phrase in found), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)

    def find(self, text: str, present: Iterable[str]) -> str | None:
        """Return the first phrase in a text, as it is written there. `present` are the words of the text."""
        if self.firsts.isdisjoint(present):
            return None
        match = self._pattern.search(text)
        return match[0] if match else None
