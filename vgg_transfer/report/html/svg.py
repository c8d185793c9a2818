"""SVG elements as text that is escaped once, whatever stands in it."""

from collections.abc import Iterable

from markupsafe import Markup


def element(name: str, *inside: str, **attributes: object) -> Markup:
    """Return an element; texts inside and attributes are escaped, elements are not.

    Args:
        name: of the element.
        inside: texts and elements.
        attributes: ``stroke_width`` becomes ``stroke-width``, ``class_`` becomes ``class``.
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _shortened(value))
        for key, value in attributes.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, Markup("").join(inside))


def text(
    x: float, y: float, words: str, kind: str = "", anchor: str = "start", **attributes: object
) -> Markup:
    """Return a line of text; ``kind`` is its class, for the colours of the page."""
    return element("text", words, x=x, y=y, class_=kind, text_anchor=anchor, **attributes)


def drawing(width: float, height: float, title: str, parts: Iterable[str]) -> Markup:
    """Return a whole drawing, which a screen reader names by its title."""
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_label=title,
        xmlns="http://www.w3.org/2000/svg",
    )


def path(points: Iterable[tuple[float, float]]) -> str:
    """Return the ``d`` of a line through points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _shortened(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
