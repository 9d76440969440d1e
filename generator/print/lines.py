"""Line breaks: lines of even length, with long words hyphenated as in the language.

Neither engine balances lines, and only one hyphenates. So the widths of letters are read from the bundled fonts, and a
break is put at the end of each line. What is not plain text in an alphabet is left to the engine.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from html import unescape
from itertools import pairwise
from pathlib import Path
from unicodedata import east_asian_width

import pyphen
from PIL import ImageFont

from generator.print.fonts import Fonts
from generator.print.paragraph import Paragraph, Piece, Style

HYPHEN = "\u2010"
_TOKEN = re.compile(r"<[^>]*>|[^<]+")
_TAG = re.compile(r"<(/?)(\w+)(?:[^>]*?\sclass=\"([^\"]*)\")?")
_WORD = re.compile(r"[ \t\n]+|[^ \t\n]+")
_AFTER = re.compile(r"(?<=[^\W\d_]{3}[-/–])(?=[^\W\d_]{3})")
"""Where a line may end within a word that has a hyphen, a dash or a slash."""
_STOPS = frozenset(",;:.—")
_LONG_WORD = re.compile(r"[^\W\d_]{8,}")
_INLINE = frozenset(("b", "strong", "i", "em", "span", "sub", "sup", "a", "u", "s", "small", "del", "wbr"))
_BOLD, _SLANTED = frozenset(("b", "strong", "th")), frozenset(("i", "em"))
_VOID = frozenset(("br", "wbr", "img", "hr", "col", "canvas"))
_DRAWN = frozenset(("formula", "fraction", "stack", "scripts", "matrix", "tex", "occlusion"))
"""Classes of elements that are not lines of text."""
_ALPHABETS = re.compile("[\u0000-\u058f\u1d00-\u1fff\u2000-\u214f\u2190-\u22ff\u27e8-\u27ff]*")
_RULE = re.compile(r"^\.face (\.?)([\w.-]+) \{([^}]*)\}", re.MULTILINE)
_VALUE = re.compile(r"(font-size|padding-left|margin-top|margin-bottom|line-height): ([\d.]+)")
_PARTED, _OWN_HYPHEN, _STOP = 0.7, 0.15, -0.012
"""The extra cost of a line that ends in a hyphenated word, after a word's own hyphen, or after a comma or colon."""
_PICTURE = 12.0
_NARROW = 7.5
"""The greatest height of a picture, and the width of a column that is too narrow for large type, in em."""
_COLUMN = "side"
_GAP = 0.6
"""The class of one of two columns, and the space in em beside it."""


class Setter:
    """Breaks the lines of faces by the widths of fonts, the hyphenation of a language and the sizes of a style sheet.

    With a user's own font, widths are not exact, because only one file of it is read.
    """

    def __init__(self, fonts: Fonts, css: str) -> None:
        self._rules = [(frozenset(names.split(".")) if dot else names, body) for dot, names, body in _RULE.findall(css)]
        files = {key: fonts.bundled / f"{name}.otf" for key, name in _NAMES.items()}
        self.is_exact = not fonts.own
        self._advances = {key: _Advances(fonts.own[0] if fonts.own else file) for key, file in files.items()}
        known = pyphen.language_fallback(fonts.language)
        self._parts = pyphen.Pyphen(lang=known, left=3, right=3) if known else None
        self.space = self._advances[False, False][" "]
        self.cut = lru_cache(maxsize=1 << 14)(self.cut)  # type: ignore[method-assign]
        self.style = cache(self.style)  # type: ignore[method-assign]

    def read(self, html: str) -> "Text":
        """Return a face as paragraphs."""
        return Text(html, self)

    def style(self, tag: str, classes: str, outer: Style) -> Style:
        """Return the style of an element within another."""
        names = frozenset(classes.split())
        own: dict[str, float] = {}
        bold = outer.bold or tag in _BOLD
        for rule, body in self._rules:
            if rule == tag if isinstance(rule, str) else rule <= names:
                own |= {name: float(value) for name, value in _VALUE.findall(body)}
                bold = bold or "font-weight: 600" in body
        size = outer.size * own.get("font-size", 1.0)
        margin = (own.get("margin-top", 0) + own.get("margin-bottom", 0)) * size
        indent = outer.indent + own.get("padding-left", 0) * size
        share = outer.share
        if _COLUMN in names:
            indent, share = indent + _GAP * size, share / 2
        drawn = outer.drawn or bool(names & _DRAWN) or (tag not in _INLINE and tag not in _BLOCKS)
        return Style(
            size,
            own.get("line-height", outer.leading),
            indent,
            share,
            margin,
            bold,
            outer.slanted or tag in _SLANTED,
            drawn,
        )

    def length(self, text: str) -> float:
        """Return the length of a text on one line, in em."""
        advances = self._advances[False, False]
        return sum(1.0 if east_asian_width(sign) in "WF" else advances[sign] for sign in text)

    def cut(self, word: str, bold: bool, slanted: bool) -> tuple[Sequence[tuple[int, float, float]], float]:
        """Return each place where a line may end in a word, with the width before it and of a hyphen; and the rest.

        Widths are in em of the word.
        """
        advances = self._advances[bold, slanted]
        cuts = {match.start(): 0.0 for match in _AFTER.finditer(word)}
        if self._parts and "&" not in word:
            hyphen = advances[HYPHEN]
            for run in _LONG_WORD.finditer(word):
                cuts |= {run.start() + at: hyphen for at in self._parts.positions(run[0])}
        ends = sorted(cuts)
        widths = [sum(map(advances.__getitem__, unescape(word[i:j]))) for i, j in pairwise((0, *ends, len(word)))]
        return [(end, width, cuts[end]) for end, width in zip(ends, widths, strict=False)], widths[-1]


class _Advances(dict[str, float]):
    """The widths of the letters of a font, in em."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._font = ImageFont.truetype(file, 1000, layout_engine=ImageFont.Layout.BASIC)

    def __missing__(self, sign: str) -> float:
        self[sign] = width = self._font.getlength(sign) / 1000
        return width


_NAMES: Mapping[tuple[bool, bool], str] = {
    (False, False): "SourceSans3-Regular",
    (True, False): "SourceSans3-Semibold",
    (False, True): "SourceSans3-It",
    (True, True): "SourceSans3-SemiboldIt",
}
_BLOCKS = frozenset(("div", "p", "ol", "ul", "li", "br"))


class Text:
    """A face: its HTML, and the paragraphs in it."""

    def __init__(self, html: str, setter: Setter) -> None:
        self._tokens: list[str] = _TOKEN.findall(html)
        self._setter = setter
        self.paragraphs: list[Paragraph] = []
        self._margins = 0.0
        self._drawn = False
        self._read()

    def _read(self) -> None:
        stack = [Style()]
        paragraph = Paragraph(stack[0])
        width = 0.0
        for index, token in enumerate(self._tokens):
            tag = _TAG.match(token)
            if tag is None:
                width = self._read_text(index, token, stack[-1], paragraph, width)
                continue
            closing, name, classes = tag[1], tag[2].lower(), tag[3] or ""
            inline = name in _INLINE
            if not inline:
                self._end(paragraph, width)
            self._drawn = self._drawn or " style=" in token
            if name == "img":
                self._drawn = True
                self._margins += _PICTURE
            elif name == "br" and not (paragraph.pieces or width):
                self._margins += stack[-1].size * stack[-1].leading
            elif name in _VOID:
                pass
            elif closing:
                stack = stack[:-1] if len(stack) > 1 else stack
            else:
                stack.append(self._setter.style(name, classes, stack[-1]))
                self._margins += stack[-1].margin
            if not inline:
                paragraph, width = Paragraph(stack[-1]), 0.0
            elif name == "wbr":
                paragraph.pieces.append(Piece(width, 0, 0, index, 0, len(token), 0))
                width = 0.0
            paragraph.broken = paragraph.broken and not stack[-1].drawn
        self._end(paragraph, width)

    def _read_text(self, index: int, text: str, style: Style, paragraph: Paragraph, width: float) -> float:
        """Add the pieces of a text to its paragraph, and return the width of the last one, which may continue."""
        add, at = paragraph.pieces.append, 0
        size, bold, slanted = style.size, style.bold, style.slanted
        space = self._setter.space * size
        if not _ALPHABETS.fullmatch(text):
            paragraph.broken = False
        for word in _WORD.findall(text):
            end = at + len(word)
            if word.isspace():
                if width:
                    add(Piece(width, space, 0, index, at, end, _STOP if text[at - 1 : at] in _STOPS else 0))
                width = 0.0
            else:
                cuts, left = self._setter.cut(word, bold, slanted)
                for cut, before, hyphen in cuts:
                    add(
                        Piece(
                            width + before * size,
                            0,
                            hyphen * size,
                            index,
                            at + cut,
                            at + cut,
                            _PARTED if hyphen else _OWN_HYPHEN,
                        )
                    )
                    width = 0.0
                width += left * size
            at = end
        return width

    def _end(self, paragraph: Paragraph, width: float) -> None:
        if width:
            paragraph.pieces.append(Piece(width, 0, 0, -1, 0, 0, 0))
        if pieces := paragraph.pieces:
            paragraph.length = sum(piece.width + piece.space for piece in pieces) - pieces[-1].space
            paragraph.widest = max(piece.width + piece.hyphen for piece in pieces)
            self.paragraphs.append(paragraph)

    def guess(self, width: float) -> float:
        """Estimate its height at a width, both in em of the face."""
        return self._margins + sum(p.count_lines(width) * p.line for p in self.paragraphs)

    def is_sure(self, width: float) -> bool:
        """Return whether no line is left to the engine, so that the height is known without it."""
        return (
            self._setter.is_exact
            and not self._drawn
            and all(p.broken and p.style.share == 1 and p.widest <= p.room(width) for p in self.paragraphs)
        )

    def is_narrow(self, width: float) -> bool:
        """Return whether lines have room for only one or two words each."""
        return any(p.room(width) < _NARROW * p.style.size and p.count_lines(width) > 2 for p in self.paragraphs)

    def set(self, width: float) -> tuple[str, float]:
        """Return the HTML with a break at the end of each line, and its height."""
        cuts: dict[int, list[Piece]] = {}
        height = self._margins
        for paragraph in self.paragraphs:
            lines = paragraph.count_lines(width)
            if paragraph.broken and lines > 1:
                ends = list(paragraph.breaks(width))
                lines = len(ends) + 1
                for piece in ends:
                    cuts.setdefault(piece.token, []).append(piece)
            height += lines * paragraph.line
        tokens = self._tokens.copy()
        for index, pieces in cuts.items():
            text = tokens[index]
            for piece in pieces:  # the last comes first
                text = f"{text[: piece.start]}{HYPHEN if piece.hyphen else ''}<br>{text[piece.end :]}"
            tokens[index] = text
        return "".join(tokens), height
