"""What the browser tests read: the tiny library, and an article with a table."""

from corpus.types import CitationMark, Document, DocumentKind, ReviewStatus, Section, Work
from tests.tiny import LIBRARY

_OPENING = "Doses of two drugs for gout are set side by side."
_ROWS = "Drug: Allopurinol; First dose: 100 mg daily or less\nDrug: Febuxostat; First dose: 40 mg daily"
_TEXT = f"{_OPENING}\n\n{_ROWS}"
_AT = len(_OPENING) + 2
TABLED = Document(
    id="doses",
    kind=DocumentKind.ARTICLE,
    work=Work("Which doses are given in gout?"),
    text=_TEXT,
    sections=(
        Section(("Doses",), 0, len(_OPENING)),
        Section(("Doses", "Table: first doses"), _AT, len(_TEXT), True),
    ),
    references=LIBRARY.documents()[0].references,
    marks=(CitationMark(_AT + _ROWS.index("\n"), ("urate2020",)),),
    review_status=ReviewStatus.UNDER_REVIEW,
    updated="2026-01-01",
)
DOCUMENTS = (*LIBRARY.documents(), TABLED)
