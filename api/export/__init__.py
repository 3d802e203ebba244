"""A kept answer as a file of another program: every format a pure function of the public JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.errors import UnknownFormat
from api.export.bibtex import as_bibtex
from api.export.csl import as_csl
from api.export.fhir import as_fhir
from api.export.markdown import as_markdown
from api.export.ris import as_ris
from api.schemas import AnswerOut


@dataclass(frozen=True, slots=True)
class Format:
    """How an answer is exported; `extension` is that of the file, without its dot."""

    media_type: str
    extension: str
    write: Callable[[AnswerOut], str]
    description: str


FORMATS: Mapping[str, Format] = {
    "markdown": Format("text/markdown; charset=utf-8", "md", as_markdown, "The whole answer, to read and to print"),
    "ris": Format(
        "application/x-research-info-systems; charset=utf-8", "ris", as_ris,
        "The sources, for EndNote, Zotero, Mendeley and RefWorks",
    ),
    "bibtex": Format("application/x-bibtex; charset=utf-8", "bib", as_bibtex, "The sources, for LaTeX and JabRef"),
    "csl-json": Format(
        "application/vnd.citationstyles.csl+json", "json", as_csl, "The sources, for Pandoc, Zotero and citation styles"
    ),
    "fhir": Format(
        "application/fhir+json", "fhir.json", as_fhir,
        "The whole answer as FHIR R5: a Bundle of an EvidenceReport and a Citation for each source",
    ),
}  # fmt: skip


def export(answer: AnswerOut, format: str) -> str:
    """The answer in the format of this name, the same text each time; UnknownFormat when there is none."""
    if format not in FORMATS:
        raise UnknownFormat(f"{format!r} is no format of an export; use one of {', '.join(FORMATS)}")
    return FORMATS[format].write(answer)
