"""Superscripts and subscripts in plain text, shared by the readers of formats that raise and lower characters."""

import re

_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_UNIT = re.compile(r"(?:^|[^A-Za-z])[A-Za-zµμΩ]{1,3}$")
_WHOLE_WORD = re.compile(r"[A-Za-z]?[a-z]{2}")
_SIGNED = re.compile(r"[+\-−–]?\d")


def plain_script(before: str, script: str, sign: str, after: str) -> str:
    """A superscript (sign "^") or subscript ("_") as it is written between the text before and after it.

    A number must not change its value nor a word its spelling: a sign ("10^9", "0.04^a", "costs^3") parts what
    would run together. Units ("m2"), ordinals ("6th"), charges ("Ca2+"), subscripts of letters ("HbA1c") need none.
    """
    inner = script.strip()
    last = before[-1:]
    if not inner:
        return script
    if not last or last.isspace():
        return script + " " if len(inner) < 3 and _WHOLE_WORD.match(after) else script  # "a Values are means"
    if last.isdigit():
        parted = (
            inner[0].isdigit()
            if sign == "_"
            else (bool(_SIGNED.match(inner)) or (inner[0].isalpha() and not _ORDINAL.match(inner)))
        )
    elif sign == "_":
        parted = False
    elif last.isalpha():
        parted = inner[0].isalpha() or (inner[0].isdigit() and not _UNIT.search(before))
    else:
        parted = last in ")]%.,;:" and inner[0].isalnum()
    return sign + script.lstrip() if parted else script
