"""The check of a finished PDF: every back is behind its front, every letter is within its card.

It reads the PDF as a printer would. It takes the flip from the PDF's catalogue, and the places from the letters on the
pages, not from the job.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median

from generator.print.engine import EngineMissingError
from generator.print.lines import HYPHEN
from generator.print.placements import Placement, behind
from generator.print.sheet import EDGE, Job

_SIGNS = "№·0123456789"
_PARTED = 2
"""The code that the PDF reader returns for the hyphen of a word that continues on the next line."""
_MM = 25.4 / 72
_GAP = 0.2
_TOLERANCE = 0.1
"""How far a back may be from its front, in mm."""
_OVERHANG = 0.06
"""How far a letter such as J reaches out of its box in the line, as a share of the height of the box."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter on a page, with the box of its ink and the box of its place in the line, in mm from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    cell: tuple[float, float, float, float]


def require_reader() -> None:
    """Raise EngineMissingError if there is no PDF reader."""
    if find_spec("pypdfium2") is None:
        raise EngineMissingError("The check needs a PDF reader: pip install 'aetia[print-check]'.")


def read_letters(pdf: bytes) -> Iterator[tuple[Letter, ...]]:
    """Yield the visible letters of each page. Raise EngineMissingError if no PDF reader is installed."""
    require_reader()
    from ctypes import byref, c_double

    import pypdfium2
    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        height = page.get_height()
        text = page.get_textpage()
        letters = []
        left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
        cell = raw.FS_RECTF()
        for index in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text, index)
            if code == _PARTED:
                code = ord(HYPHEN)
            if code <= 0x20 or raw.FPDFText_IsGenerated(text, index) == 1:
                continue
            raw.FPDFText_GetCharBox(text, index, byref(left), byref(right), byref(bottom), byref(top))
            box = (left.value, height - top.value, right.value, height - bottom.value)
            raw.FPDFText_GetLooseCharBox(text, index, byref(cell))
            place = (cell.left, height - cell.top, cell.right, height - cell.bottom)
            letters.append(
                Letter(chr(code), *[edge * _MM for edge in box], cell=tuple(edge * _MM for edge in place))  # type: ignore[arg-type, misc]
            )
        yield tuple(letters)
    document.close()


def find_strays(pdf: bytes, job: Job, places: Sequence[Placement]) -> tuple[str, ...]:
    """Return what is wrong with the finished PDF, in words."""
    pages = tuple(read_letters(pdf))
    by_page: dict[int, list[Placement]] = {}
    for place in places:
        by_page.setdefault(place.page, []).append(place)
    return (*_stray_letters(pages, by_page, job), *_misplaced_backs(pdf, pages, by_page, job))


def _stray_letters(pages: Sequence[Sequence[Letter]], by_page: dict[int, list[Placement]], job: Job) -> Iterator[str]:
    """Yield letters between a card's safe edge and its cut edge, or on a neighbouring card."""
    safe, (width, height) = job.look.safe, job.stock.card
    for page, letters in enumerate(pages):
        if job.look.rotation and page % 2 and job.scheme.sides == "duplex":
            continue
        dx, dy = _shift(job, page)
        strays: dict[int, list[str]] = {}
        for letter in letters:
            for place in by_page.get(page, ()):
                left, top = place.x + dx, place.y + dy
                touches = letter.right > left and letter.left < left + width and letter.bottom > top
                if not (touches and letter.top < top + height):
                    continue
                if not _is_within(letter, left + safe, top + safe, left + width - safe, top + height - safe):
                    strays.setdefault(place.card, []).append(letter.text)
        for card, texts in strays.items():
            yield f"page {page + 1}: `{job.faces[card].key}` runs over its edge: {''.join(texts)[:30]}"


def _is_within(letter: Letter, left: float, top: float, right: float, bottom: float) -> bool:
    """Return whether a letter is in its card, allowing for ink that reaches out of its box, as that of a J."""
    over = _OVERHANG * (letter.cell[3] - letter.cell[1])
    across = letter.left >= left - over and letter.right <= right + over
    return across and letter.top >= top - over and letter.bottom <= bottom + over


def _misplaced_backs(
    pdf: bytes, pages: Sequence[Sequence[Letter]], by_page: dict[int, list[Placement]], job: Job
) -> Iterator[str]:
    """Yield backs that are not behind the front of the same number when the sheet is flipped."""
    if job.scheme.sides != "duplex":
        return
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        duplex = str(document.Root.ViewerPreferences.Duplex)
    flip = "long-edge" if duplex == "/DuplexFlipLongEdge" else "short-edge"
    for page in range(0, len(pages) - 1, 2):
        read = dict(_cards(pages[page], job, turned=False))
        inset_x, inset_y = _inset(read.values(), job)
        fronts = {text: (x - inset_x, y - inset_y) for text, (x, y) in read.items()}
        turned = any(place.turned for place in by_page.get(page + 1, ()))
        dx, dy = _shift(job, page + 1)
        dx, dy = (dx - inset_x, dy - inset_y) if turned else (dx + inset_x, dy + inset_y)
        backs = {text: (x - dx, y - dy) for text, (x, y) in _cards(pages[page + 1], job, turned)}
        if missing := {job.faces[place.card].sign for place in by_page.get(page, ())} ^ set(fronts) | set(fronts) ^ set(
            backs
        ):
            yield f"pages {page + 1} and {page + 2}: fronts and backs do not match for {', '.join(sorted(missing))}"
        for text in fronts.keys() & backs.keys():
            x, y = behind(job.stock, flip, *backs[text])  # type: ignore[arg-type]  # one of the two
            away = max(abs(x - fronts[text][0]), abs(y - fronts[text][1]))
            if away > (_TOLERANCE if not job.look.rotation else 5):
                yield f"page {page + 2}: the back of {text} lies {away:.2f} mm from its front"


def _cards(letters: Sequence[Letter], job: Job, turned: bool) -> Iterator[tuple[str, tuple[float, float]]]:
    """Return where on a page each card is, computed from its number in the lower right corner."""
    (width, height), safe = job.stock.card, job.look.safe
    signs = [letter for letter in letters if letter.text in _SIGNS]
    for first in (letter for letter in signs if letter.text == _SIGNS[0]):
        run = [first]
        while (following := _next(run[-1], signs, turned)) and following is not first:
            run.append(following)
        left, right = min(a.cell[0] for a in run), max(a.cell[2] for a in run)
        middle = (run[0].cell[1] + run[0].cell[3]) / 2
        text = "".join(letter.text for letter in run)
        if turned:
            yield text, (left - safe, middle - safe - EDGE / 2)
        else:
            yield text, (right + safe - width, middle + safe + EDGE / 2 - height)


def _inset(cards: Iterable[tuple[float, float]], job: Job) -> tuple[float, float]:
    """Return the distance of numbers from their expected place. It depends on the font, not on the side."""
    gaps = [
        min(((x - left, y - top) for left, top in job.stock.slots), key=lambda gap: abs(gap[0]) + abs(gap[1]))
        for x, y in cards
    ]
    across, down = (median(gap[i] for gap in gaps) if gaps else 0.0 for i in (0, 1))
    return across, down


def _next(letter: Letter, signs: Sequence[Letter], turned: bool) -> Letter | None:
    """Return the next character on the line. A PDF reader may return those of a turned line in any order."""
    left, top, right, _ = letter.cell
    for other in signs:
        gap = left - other.cell[2] if turned else other.cell[0] - right
        if other is not letter and abs(gap) < _GAP and abs(other.cell[1] - top) < _GAP:
            return other
    return None


def _shift(job: Job, page: int) -> tuple[float, float]:
    back = job.scheme.sides == "backs" or (job.scheme.sides == "duplex" and page % 2 == 1)
    return job.look.offset if back else (0.0, 0.0)
