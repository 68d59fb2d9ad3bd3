"""Where the labels of arrows go: on their arrow, and on nothing else.

A label may stand anywhere along its arrow. It is put at the first of a few places where it covers
neither a box nor a label that stands already; on a crowded arrow, where it covers least.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ivr.speech import is_han

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
"""A cubic Bezier curve: start, two handles, end."""

LETTER_PX, HAN_PX, HEIGHT_PX = 6.6, 12.5, 16.0
_SHARES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85)
"""Places along the curve, the best first; at the ends it would hide where the arrow points."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def common(self, other: "Area") -> float:
        """Give the square pixels that two areas share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)


@dataclass(slots=True)
class Labels:
    """The labels put so far, and what they must not cover."""

    taken: list[Area] = field(default_factory=list)

    def place(self, text: str, curve: Curve) -> Point:
        """Find the middle of a label's foot on its arrow, and keep the place for it."""
        width = text_px(text)
        areas = [(at, _area(at, width)) for at in _along(curve)]
        at, area = min(areas, key=lambda pair: self._covered(pair[1]))
        self.taken.append(area)
        return at

    def _covered(self, area: Area) -> float:
        return sum(area.common(other) for other in self.taken)


def text_px(text: str) -> float:
    """Estimate how wide a text is drawn; 12 px letters of a usual sans-serif face."""
    return sum(HAN_PX if is_han(letter) else LETTER_PX for letter in text)


def fitted(text: str, width_px: float) -> str:
    """Cut a text that is wider than there is room."""
    if text_px(text) <= width_px:
        return text
    while text and text_px(text) > width_px - LETTER_PX:
        text = text[:-1]
    return text + "\u2026"


def _along(curve: Curve) -> Iterator[Point]:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve
    for share in _SHARES:
        rest = 1 - share
        parts = (rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3)
        x = sum(part * value for part, value in zip(parts, (x0, x1, x2, x3), strict=True))
        y = sum(part * value for part, value in zip(parts, (y0, y1, y2, y3), strict=True))
        yield round(x, 1), round(y, 1)


def _area(at: Point, width: float) -> Area:
    x, y = at
    return Area(x - width / 2, y - HEIGHT_PX * 0.75, x + width / 2, y + HEIGHT_PX * 0.25)
