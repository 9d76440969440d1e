"""Image occlusions without Anki's script: HTML boxes over the picture in place of what the script draws."""

import re
from html import unescape

_CONTAINER = re.compile(r'<div id="image-occlusion-container">\s*(<img[^>]*>).*?</div>', re.DOTALL)
_SHAPE = re.compile(r'<div class="(cloze|cloze-inactive|cloze-highlight)"([^>]*)>')
_ATTRIBUTE = re.compile(r'data-(\w+)="([^"]*)"')
_ON_SCREEN_ONLY = re.compile(
    r"<script\b.*?</script>|<button\b.*?</button>|<div style=\"display: none\">(?:<div[^>]*></div>|<br>|\s)*</div>",
    re.DOTALL | re.IGNORECASE,
)
_EDGES = ("left", "top", "width", "height")
_LOOKS = {"cloze": "hidden", "cloze-inactive": "hidden inactive", "cloze-highlight": "shown"}


def draw_occlusion(html: str) -> str:
    """Return a face with masks over what its picture hides, without scripts and buttons.

    The masks are in an element with the id of Anki's canvas, because note types set their colours there.
    """
    if "image-occlusion-container" in html:
        masks = "".join(_mask(match[1], dict(_ATTRIBUTE.findall(match[2]))) for match in _SHAPE.finditer(html))
        drawn = f'<div id="image-occlusion-canvas">{masks}</div>'
        html = _CONTAINER.sub(lambda match: f'<div class="occlusion">{match[1]}{drawn}</div>', html)
    return _ON_SCREEN_ONLY.sub("", html)


def _mask(kind: str, shape: dict[str, str]) -> str:
    """Return one box, sized in percent of the picture. Other masks are drawn only if the author hides all at once."""
    if shape.get("shape") != "rect" or (kind == "cloze-inactive" and shape.get("occludeinactive") != "1"):
        return ""
    edges = ";".join(f"{edge}:{float(unescape(shape.get(edge, '0'))) * 100:.2f}%" for edge in _EDGES)
    return f'<div class="mask {_LOOKS[kind]}" style="{edges}"></div>'
