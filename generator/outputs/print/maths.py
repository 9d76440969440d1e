r"""TeX maths to HTML that any typesetter can print: `\(x_1^2 \ge \frac{a}{b}\)` with real subscripts and signs.

Covers what causes and mechanisms are written with. A command that is not known prints as its bare name.
"""

import re
from html import escape, unescape
from types import MappingProxyType

_MATHS = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|[{}^_~']|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_GREEK = (
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ "
    "pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π "
    "Sigma Σ Phi Φ Psi Ψ Omega Ω"
)
_SIGNS = (
    "times × cdot · div ÷ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ∼ simeq ≃ equiv ≡ propto ∝ ll ≪ gg ≫ "
    "to → rightarrow → longrightarrow ⟶ leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftrightarrow ⇔ uparrow ↑ "
    "downarrow ↓ rightleftharpoons ⇌ implies ⇒ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ in ∈ notin ∉ cup ∪ cap ∩ "
    "circ ° degree ° ldots … dots … cdots ⋯ prime ′ ast ∗ langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ mid ∣"
)
_WORDS = tuple(f"{_GREEK} {_SIGNS}".split())
SIGNS = MappingProxyType(dict(zip(_WORDS[::2], _WORDS[1::2], strict=True)))
SPACES = {",": "\u2009", ":": "\u2009", ";": "\u2002", " ": " ", "!": "", "quad": "\u2003", "qquad": "\u2003\u2003"}
_SPACED = frozenset("=≤≥≠≈∼≃≡∝≪≫→⟶←↔⇒⇔⇌×±+<>")
_TEXT = frozenset(("text", "textrm", "mbox", "textit"))
_UPRIGHT = frozenset(("mathrm", "operatorname", "ce"))
_BOLD = frozenset(("mathbf", "textbf", "boldsymbol"))
_SILENT = frozenset(("left", "right", "displaystyle", "textstyle", "big", "Big", "limits", "mathstrut"))


def readable_maths(html: str) -> str:
    """Replace the TeX in a piece of HTML by HTML."""
    if "\\" not in html:
        return html
    return _MATHS.sub(lambda match: _Reader(match[1] or match[2] or "").all(), html)


class _Reader:
    def __init__(self, tex: str) -> None:
        self._tokens: list[str] = _TOKEN.findall(re.sub(r"<[^>]*>", "", tex))
        self._next = 0

    def all(self) -> str:
        """Everything to the end, or to the brace that closes this group."""
        parts: list[str] = []
        while (token := self._peek()) is not None:
            if token == "}":
                break
            parts.append(self._piece())
        return "".join(parts)

    def _peek(self) -> str | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> str:
        self._next += 1
        return self._tokens[self._next - 1]

    def _argument(self) -> str:
        """A group in braces, or one piece."""
        while (token := self._peek()) is not None and token.isspace():
            self._take()
        return self._piece() if self._peek() is not None else ""

    def _raw_argument(self) -> str:
        """A group in braces as it stands, for text."""
        if self._peek() != "{":
            return self._argument()
        depth, parts = 0, []
        while self._peek() is not None:
            token = self._take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                break
            parts.append(token)
        return "".join(parts[1:])

    def _piece(self) -> str:
        token = self._take()
        if token == "{":
            inside = self.all()
            if self._peek() == "}":
                self._take()
            return inside
        if token in ("^", "_"):
            raised = self._argument().strip()
            if raised in ("°", "′"):
                return raised
            return f"<sup>{raised}</sup>" if token == "^" else f"<sub>{raised}</sub>"
        if token == "~":
            return "\u00a0"
        if token == "'":
            return "′"
        if token.startswith("\\"):
            return self._command(token[1:])
        if token.isspace():
            return ""
        if token == "-":
            return "−"
        if token in ("&lt;", "&gt;", "<", ">"):
            return f" {escape(unescape(token))} "
        if token in _SPACED:
            return f" {token} "
        return f"<i>{token}</i>" if len(token) == 1 and token.isalpha() and token.isascii() else token

    def _command(self, name: str) -> str:
        if name in SIGNS:
            return f" {SIGNS[name]} " if SIGNS[name] in _SPACED else SIGNS[name]
        if name in SPACES:
            return SPACES[name]
        if name in _SILENT:
            return ""
        if name in _TEXT:
            return self._raw_argument()
        if name in _UPRIGHT:
            return re.sub("</?i>", "", self._argument())
        if name in _BOLD:
            return f"<b>{self._argument()}</b>"
        if name in ("frac", "dfrac", "tfrac"):
            above, below = self._argument(), self._argument()
            return f"{_grouped(above)}\u2044{_grouped(below)}"
        if name == "sqrt":
            return f"√{_grouped(self._argument())}"
        return name


def _grouped(html: str) -> str:
    """Brackets round what would otherwise be read as several terms."""
    plain = re.sub(r"<su[bp]>.*?</su[bp]>|<[^>]*>", "", html)
    return f"({html})" if re.search(r"[\s+−·×/]", plain.strip()) else html
