"""The topics of the reference."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

from generator.diagnostics import Code
from generator.model.kinds import CardKind
from generator.report.codes import show_code
from generator.report.terminal import say, style
from generator.workflows.explain import FILES, Key, Mapped, Phrase, Topic

_WIDTH = 100


def show_topics(topics: Sequence[Topic], name: str) -> None:
    """Print every topic of this name."""
    for number, topic in enumerate(topics):
        if number:
            say()
        match topic:
            case Code():
                show_code(name, topic)
            case CardKind():
                _show_kind(topic)
            case Mapped():
                _show_mapped(topic)
            case Key():
                _show_key(topic)
            case Phrase():
                _show_phrase(topic)


def list_topics(groups: Mapping[str, Sequence[str]]) -> None:
    """Print the names of the kinds of card and of what an author writes, and how to list the many others."""
    say("aetia explain TOPIC tells more about one of these, or about a key such as `cause.versus`.")
    say()
    say(style("Kinds of card", bold=True) + "  (with what each asks: aetia explain kinds)")
    _wrapped(", ".join(groups["kinds"]))
    say()
    say(style("What you write, by file", bold=True) + "  (with what each is: aetia explain keys)")
    width = max(map(len, FILES))
    for file, names in FILES.items():
        for number, line in enumerate(wrap(", ".join(names), _WIDTH - width - 4)):
            say(f"  {'' if number else file:<{width}}  {line}")
    say()
    say(style("More", bold=True))
    codes, phrases = len(groups["codes"]), len(groups["phrases"])
    say(f"  aetia explain codes    the {codes} codes of what `aetia check` says, such as `answer-leaked`")
    say(f"  aetia explain phrases  the {phrases} phrases on cards, which `words:` in deck.yaml can reword")


def show_group(lines: Mapping[str, str]) -> None:
    """Print each topic of a group with a short description."""
    width = max(map(len, lines))
    for name, says in lines.items():
        say(f"{name:<{width}}  {says}")


def _show_kind(kind: CardKind) -> None:
    say(f"{style(kind.name, bold=True)}: a kind of card, made {'by default' if kind.default else 'on request'}")
    say(f"  front    {kind.front}")
    say(f"  answer   {kind.answer}")
    say(f"  made if  {kind.made_when}")
    _show_example(kind.example)
    if not kind.default:
        say(f"  Ask for it in deck.yaml for all entries, or in one entry: cards: {{add: [{kind.name}]}}")
    else:
        say(f"  Leave it out in deck.yaml for all entries, or in one entry: cards: {{skip: [{kind.name}]}}")


def _show_mapped(mapped: Mapped) -> None:
    say(f"{style(mapped.name, bold=True)}: what an author writes")
    _wrapped(mapped.says)
    width = max(len(key.path) for key in mapped.keys) - len(mapped.name) - 1
    for key in mapped.keys:
        name = key.path.removeprefix(f"{mapped.name}.")
        say(f"  {style(f'{name:<{width}}', fg='cyan')}  {key.says}{' (needed)' if key.needed else ''}")
    if mapped.example:
        _show_example(mapped.example)


def _show_key(key: Key) -> None:
    say(f"{style(key.path, bold=True)}: a key{', which must be there' if key.needed else ''}")
    _wrapped(key.says)
    say(f"  takes    {key.takes}")
    if key.example:
        _show_example(key.example)
    if key.see:
        say(f"  see also  {', '.join(f'aetia explain {name}' for name in key.see)}")


def _show_phrase(phrase: Phrase) -> None:
    say(f"{style(phrase.key, bold=True)}: a phrase on cards; set your own under `words` in deck.yaml")
    for language, text in phrase.texts.items():
        say(f"  {language}  {text}")


def _show_example(example: str) -> None:
    say(f"  for example  {example}")


def _wrapped(text: str) -> None:
    for line in wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False):
        say(line)
