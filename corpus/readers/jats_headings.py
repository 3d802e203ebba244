"""Which parts of an article are left out of its text, and why."""

import re

# Parts that say nothing clinical: who did, paid for or declared what, and lists that point elsewhere or only spell
# out abbreviations. Retrieved as evidence they would only mislead.
_INTERESTS = """
    competing interest; competing interests; competing interest statement; competing interests statement;
    conflict of interest; conflicts of interest; conflict of interests; conflicts of interests;
    conflict of interest statement; conflicts of interest statement; conflict of interest disclosure;
    potential conflict of interest; potential conflicts of interest; declaration of interest;
    declaration of interests; declarations of interest; statement of interest; duality of interest;
    declaration of competing interest; declaration of competing interests; declaration of conflicting interests;
    disclosure; disclosures; disclosure statement; disclosure of interest; disclosure of interests;
    disclosure of potential conflicts of interest; financial disclosure; financial disclosures"""
_PEOPLE = """
    author contribution; author contributions; authors contribution; authors contributions; author's contribution;
    author's contributions; authors' contribution; authors' contributions; authors' roles; contribution statement;
    contribution to authorship; contribution of authors; contributions; contributors; contributorship;
    contributorship statement; acknowledgement; acknowledgements; acknowledgment; acknowledgments;
    author details; authors' details; author information; author's information; authors' information;
    authors information; authors' addresses; author note"""
_MONEY = """
    funding; funding/support; funding statement; funding source; funding sources; funding information; funding body;
    funder; funders; source of funding; sources of funding; source of support; sources of support;
    financial support; source of financial support; grant support; acknowledgements and funding;
    acknowledgments and funding; conflict of interest and funding; conflicts of interest and source of funding;
    funding and disclosure"""
_POINTERS = """
    abbreviation; abbreviations; abbreviations used; abbreviations used in this paper; list of abbreviations;
    list of abbreviations used; nomenclature and abbreviations; pre-publication history; publisher's note;
    about this supplement; please cite this paper as; authors' original submitted files for images;
    supplementary material; supplementary materials; supplementary data; supplementary information;
    supplementary file; supplementary files; supplemental material; supplemental materials; supplemental data;
    supplemental information; supporting information; electronic supplementary material; additional file;
    additional files; web extra material; multimedia appendix"""
LEFT_OUT_HEADINGS = frozenset(
    name.strip() for names in (_INTERESTS, _PEOPLE, _MONEY, _POINTERS) for name in names.split(";")
)
# The same, as publishers type sections, notes and footnotes.
_LEFT_OUT_TYPES = frozenset(
    """supplementary-material conflict COI-statement conflict-interest author-contribution con equal corresp abbr
    funding-information financial-disclosure supported-by present-address""".split()
)
_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*\.?|[IVX]+\.|[A-Z]\.)\s+|\s+\d+$")  # "5. Funding", "Additional file 2"
_APOSTROPHES = str.maketrans("‘’ʼ`´", "'''''")
_LONGEST = max(map(len, LEFT_OUT_HEADINGS))


def is_left_out(heading: str, kind: str | None = None) -> bool:
    """Whether a section of this heading or publisher's type is kept out of the text.

    Case, numbering and a final stop of the heading do not count.
    """
    return _plain(heading) in LEFT_OUT_HEADINGS or kind in _LEFT_OUT_TYPES


def is_left_out_note(text: str, kind: str | None = None) -> bool:
    """Whether a note at the end of an article, which has its heading as its first words, is kept out of the text."""
    start = _plain(text[: _LONGEST + 10])
    return not text or kind in _LEFT_OUT_TYPES or start.startswith(tuple(LEFT_OUT_HEADINGS))


def _plain(heading: str) -> str:
    return _NUMBERING.sub("", heading).translate(_APOSTROPHES).strip(" .:").casefold()
