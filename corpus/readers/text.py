"""Text that is safe to store, compare and show: shared by all readers."""

import re

# C0 controls other than tab, line feed and carriage return, which are handled as white space below.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# Invisible characters that reorder or split what a reader sees: DEL and C1 controls, soft hyphen, zero-width
# space and word joiner, byte order mark, bidirectional marks, embeddings, overrides and isolates; and lone
# surrogates, which JSON can smuggle in and which no encoding can write out again.
_INVISIBLE = re.compile(
    "[\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def one_line(text: str) -> str:
    """The text clean and squeezed; most is plain ASCII, for which nothing but white space is to be done."""
    return " ".join(text.split()) if text.isascii() and text.isprintable() else squeeze(clean(text))


def clean(text: str) -> str:
    """The text without control, invisible and bidirectional-override characters; line ends become `\\n`."""
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\x85", " ")
    return remove_invisible(_CONTROLS.sub("", lines))


def remove_invisible(text: str) -> str:
    """The text without invisible characters, its C0 controls untouched (the JATS reader uses some as markers)."""
    return text if text.isascii() and "\x7f" not in text else _INVISIBLE.sub("", text)


def squeeze(text: str) -> str:
    """The text with every run of white space (also no-break and thin spaces) as one space, trimmed."""
    return " ".join(text.split())
