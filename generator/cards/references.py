"""Sources as learners read them, and the numbers that citations get on one note."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from generator.cards.markdown import plain
from generator.model.sources import Person, Source
from generator.text.citations import split_citation

GENERAL = "general-knowledge"
"""What `custom.seen` says of the entry in `sources.yaml` that stands for what was not looked up."""


class Citations:
    """The citations of one note: each source gets the next number when it is first cited.

    What was not looked up has no number and is no source; `uncited` remembers that there is such a text.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._locators: dict[str, list[str]] = {}
        self.uncited = False

    def cite(self, key: str, locator: str) -> str:
        """Return the number to print for a citation, and remember it; nothing for what was not looked up."""
        if self._sources[key].custom.seen == GENERAL:
            self.uncited = True
            return ""
        locators = self._locators.setdefault(key, [])
        if locator and locator not in locators:
            locators.append(locator)
        return str(list(self._locators).index(key) + 1)

    def cite_all(self, further: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Return keys and places of the cited sources in the order of their numbers, then the further (`key, p. 2`)."""
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
