"""Sources as learners read them, and the numbers of citations on a note."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from generator.cards.markdown import plain
from generator.model.sources import Person, Source
from generator.text.citations import split_citation

GENERAL = "general-knowledge"
"""The value of `custom.seen` for the source that stands for statements that were not looked up."""


class Citations:
    """The citations of a note. Each source gets the next number when it is first cited.

    General knowledge, which was not looked up, gets no number. `uncited` records that a text rests on it.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._locators: dict[str, list[str]] = {}
        self.uncited = False

    def cite(self, key: str, locator: str) -> str:
        """Return the number to print for a citation and remember it, or nothing for general knowledge."""
        if self._sources[key].custom.seen == GENERAL:
            self.uncited = True
            return ""
        locators = self._locators.setdefault(key, [])
        if locator and locator not in locators:
            locators.append(locator)
        return str(list(self._locators).index(key) + 1)

    def cite_all(self, further: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Return keys and locators of the cited sources in the order of numbers, then `further` ones (`key, p. 2`)."""
        for citation in further:
            self.cite(*split_citation(citation))
        return [(key, "; ".join(locators)) for key, locators in self._locators.items()]


def format_source(source: Source, locator: str = "") -> Markup:
    """Return a source as one line: who, what, where, and a link if there is one."""
    parts = [
        _people(source.author),
        f"<i>{plain(source.title)}</i>" if source.title else "",
        plain(_published(source)),
        plain(locator),
    ]
    line = ". ".join(part.rstrip(".") for part in parts if part)
    link = f"https://doi.org/{source.doi}" if source.doi else source.url
    if link.startswith(("http://", "https://")):
        line += f'. <a href="{plain(link)}">{plain(_shown(link))}</a>'
    return Markup(line)


def _people(people: tuple[Person, ...]) -> str:
    names = [plain(p.literal or f"{p.family} {''.join(w[0] for w in p.given.split())}".strip()) for p in people]
    return f"{names[0]} et al" if len(names) > 3 else ", ".join(names)


def _published(source: Source) -> str:
    volume = source.volume + (f"({source.issue})" if source.issue else "")
    pages = f":{source.page}" if source.page and volume else source.page
    where = " ".join(part for part in (source.container_title or source.publisher, source.issued) if part)
    numbers = volume + pages
    return f"{where};{numbers}" if where and numbers else where or numbers


def _shown(link: str) -> str:
    return (
        link.split("://", 1)[1].removeprefix("doi.org/").removeprefix("www.").split("/")[0]
        if "doi.org" not in link
        else link.removeprefix("https://")
    )
