"""MathML as one line of plain text: fractions with a stroke, powers with a caret, roots with their sign."""

from lxml import etree

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
MATH = _MATHML + "math"
_BETWEEN = {"mfrac": "/", "msup": "^", "msub": "_", "mover": "", "munder": ""}


def formula(node: etree._Element) -> str:
    """The text of a MathML element; two arguments that are more than one symbol stand in parentheses."""
    if not isinstance(node.tag, str):
        return ""
    name = node.tag.removeprefix(_MATHML)
    if name in ("annotation", "annotation-xml"):
        return ""
    parts = [part for part in map(formula, node) if part]
    if not parts:
        return " ".join((node.text or "").split())
    if name in _BETWEEN and len(parts) == 2:
        return _BETWEEN[name].join(map(_grouped, parts)) if _BETWEEN[name] else "".join(parts)
    if name == "msubsup" and len(parts) == 3:
        return f"{_grouped(parts[0])}_{_grouped(parts[1])}^{_grouped(parts[2])}"
    if name == "msqrt":
        return f"√({' '.join(parts)})"
    if name == "mfenced":
        return f"{node.get('open', '(')}{', '.join(parts)}{node.get('close', ')')}"
    return " ".join(parts)


def _grouped(part: str) -> str:
    return f"({part})" if " " in part or "/" in part else part
