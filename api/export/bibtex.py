"""The sources of an answer → BibTeX, in UTF-8, as LaTeX, biber, JabRef and Zotero read it."""

import re
from urllib.parse import quote

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field, ImplicitComment
from bibtexparser.writer import BibtexFormat

from api.export.wording import (
    ET_AL,
    Form,
    day_of,
    form_of,
    given_of,
    key_of,
    line,
    name_of,
    note_on,
    outcome_of,
    warnings_of,
    web_url,
)
from api.schemas import AnswerOut, CreatorOut, SourceOut

# BibTeX counts braces whatever stands before them, so one of a title can be no brace here. `<` and `>` are other
# signs in the oldest fonts of LaTeX ("p ¡ 0.05"), and as mathematics every program reads them.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": r"$\vert$",
        **{sign: rf"\{sign}" for sign in "$%&#_"},
    }
)  # fmt: skip
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=,)(?=,)|(?<=[`?!])(?=`)")
"""Between two signs of which LaTeX would make another: `--` is to stay what it is."""
_PLAIN_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_OTHERS = "others"
_FORMAT = BibtexFormat()  # type: ignore[no-untyped-call]
_FORMAT.indent = "  "
_FORMAT.block_separator = "\n"


def as_bibtex(answer: AnswerOut) -> str:
    """An entry for each source, before them who answered, with the caution and the disclaimer, as a comment.

    Reference managers drop the comment, so each entry has caution and disclaimer as an annotation, too.
    """
    head = (f"{name_of(answer)}, outcome: {outcome_of(answer).lower()}", *warnings_of(answer))
    comment = "\n".join(f"% {one.replace('@', ' at ')}" for one in head)  # an @ begins an entry wherever it stands
    entries = [_entry(source, answer) for source in answer.sources]
    return write_string(Library([ImplicitComment(comment), *entries]), bibtex_format=_FORMAT)


def encoded(text: str) -> str:
    """A text as LaTeX that shows it as it is."""
    return _LIGATURES.sub("{}", line(text).translate(_LATEX))


def _entry(source: SourceOut, answer: AnswerOut) -> Entry:
    is_article, day = form_of(source) is Form.VETTED_ARTICLE, day_of(source)
    fields = {
        "author": _authors(source.creators),
        # In braces of its own, so that no style writes IVIg or Crohn in small letters.
        "title": f"{{{encoded(source.title)}}}",
        "journal": encoded(source.container),
        "year": str(source.year or ""),
        "month": day[5:7].lstrip("0"),
        "day": day[8:].lstrip("0"),
        "volume": encoded(source.volume or ""),
        "number": encoded(source.issue or ""),
        "pages": "--".join(encoded(page) for page in re.split("[-–]+", source.pages or "")),
        "doi": _verbatim(source.doi or ""),
        "pmid": _verbatim(source.pmid or ""),
        "pmcid": _verbatim(source.pmcid or ""),
        "url": _verbatim(web_url(source) or ""),
        "howpublished": encoded(f"Sequitur article {source.id}") if is_article else "",
        "annote": encoded(note_on(source, answer)),
    }
    kind = "article" if source.container and not is_article else "misc"
    return Entry(kind, key_of(source), [Field(name, value) for name, value in fields.items() if value])


def _verbatim(text: str) -> str:
    """An identifier or address as it is: programs take these fields literally. Only what could end them is encoded."""
    return re.sub(r"[{}\\\s]", lambda found: quote(found[0]), line(text))


def _authors(creators: list[CreatorOut]) -> str:
    """Names joined by "and"; those whom the source leaves out are "others"."""
    left_out = bool(creators) and creators[-1].family == ET_AL
    named = [_name(creator) for creator in (creators[:-1] if left_out else creators)]
    return " and ".join([*filter(None, named), *([_OTHERS] if left_out else [])])


def _name(creator: CreatorOut) -> str:
    family, given = line(creator.family), given_of(creator)
    if not given:
        return f"{{{encoded(family)}}}" if family else ""
    return ", ".join(_part(part) for part in (family, given) if part)


def _part(part: str) -> str:
    """Part of a name; braces keep together what BibTeX would take apart."""
    plain = _PLAIN_NAME.fullmatch(part) and "and" not in part.lower().split()
    return encoded(part) if plain else f"{{{encoded(part)}}}"
