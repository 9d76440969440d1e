"""Write the fields of a note: Markdown, plain text, pictures and sources, collected for the note."""

from collections.abc import Callable, Iterable

from generator.cards.markdown import escaped, is_plain, plain, render_markdown
from generator.cards.references import Citations
from generator.cards.tree import Picture
from generator.model.deck import Deck
from generator.model.entries import Image, Review
from generator.model.entry import Written
from generator.text.files import map_files


class Writer:
    """Writes the texts of a note, and remembers what they cite and show. `cited` formats a source with a locator.

    In a `foreign` note type, Anki interprets its own markup: sounds, LaTeX and cloze deletions.
    """

    def __init__(self, deck: Deck, cited: Callable[[str, str], str], foreign: bool = False) -> None:
        self._deck, self._cited, self.foreign = deck, cited, foreign
        self._citations = Citations(deck.sources)
        self._credits: list[str] = []
        self.media: list[str] = []
        self.drawn: dict[str, bytes] = {}

    def text(self, text: str | None) -> str:
        """Return a Markdown text as HTML."""
        if not text:
            return ""
        if is_plain(text):
            return text
        html = render_markdown(text, self._citations.cite, self._picture, acts=self.foreign)
        return map_files(html, self._file) if self.foreign else html

    def written(self, text: Written) -> str:
        """Return a text as HTML. A text in HTML stays as it is."""
        return self.text(text.markdown) if text.html is None else map_files(text.html, self._file)

    def plain(self, text: str) -> str:
        """Return a name as HTML."""
        return escaped(text)

    def names(self, names: Iterable[str]) -> str:
        """Return names with commas between them."""
        return ", ".join(map(escaped, names))

    def items(self, texts: Iterable[str], tag: str = "ol") -> str:
        """Return Markdown texts as a list, or nothing if there are none."""
        items = "".join(f"<li>{self.text(text)}</li>" for text in texts)
        return f"<{tag}>{items}</{tag}>" if items else ""

    def image(self, image: Image | None, side: str = "back") -> str:
        """Return a picture if it belongs on this side of the card. A credit is never on a front."""
        if image is None or image.side != side:
            return ""
        if image.credit and side == "front":
            self._credits.append(self.text(image.credit))
        html = f'<img src="{self._picture(image.file)}" alt="{plain(image.alt)}">'
        return html + (f"<br><small>{self.text(image.credit)}</small>" if image.credit and side == "back" else "")

    def draw(self, picture: Picture) -> str:
        """Return a picture that was drawn for the note."""
        self.drawn[picture.name] = picture.svg.encode()
        self.media.append(picture.name)
        return f'<img src="{picture.name}" alt="{plain(picture.alt)}">'

    def backing(self, further: Iterable[str], review: Review) -> dict[str, str]:
        """Return the fields on what a note rests on: its sources, with the `further` ones last, and its review.

        The credits of pictures on fronts come after the sources.
        """
        cited = [self._cited(key, place) for key, place in self._citations.cite_all(further)]
        works = "".join(f"<li>{work}</li>" for work in (*cited, *self._credits))
        by = ", ".join(part for part in (str(review.on or ""), review.by or "", review.role or "") if part)
        return {
            "Sources": f"<ol>{works}</ol>" if works else "",
            "Uncited": "1" if self._citations.uncited else "",
            "Draft": "1" if review.state == "draft" else "",
            "Checked": (self.plain(by) or "·") if review.state == "checked" else "",
            "Reviewed": (self.plain(by) or "·") if review.state == "reviewed" else "",
        }

    def _picture(self, name: str) -> str:
        self.media.append(self._deck.media[name].packed)
        return self.media[-1]

    def _file(self, name: str) -> str | None:
        return self._picture(name) if name in self._deck.media else None
