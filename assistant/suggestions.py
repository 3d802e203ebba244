"""Follow-ups worth offering: made from headings not used yet, offered only when they can be answered."""

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import Evidence, examine
from assistant.rules import Rules
from corpus.types import Document, DocumentKind
from corpus.vocabulary import Vocabulary
from indexer.encoder import Encoder
from indexer.search import hits_of, make_queries
from indexer.snapshot import Snapshot

OFFERED = 3
TRIED = 6
SUBJECT_WORDS = 12
"""Each question tried costs its encoding: three are tried first, the others only when those do not do."""

_QUESTION = (
    (r"monitoring", "How is treatment of {subject} monitored?"),
    (r"diagnosis and assessment|diagnosis", "How is {subject} diagnosed and assessed?"),
    (r"uncertainty and evidence gaps|uncertainty", "What is uncertain in the evidence on {subject}?"),
    (r"treatment caveats|caveats", "What caveats apply to the treatment of {subject}?"),
    (r"first-line treatment", "What is the first-line treatment for {subject}?"),
)
_FOR_TRIALS = (
    (r"abstract|conclusions?", "What did the study conclude about {subject}?"),
    (r"results", "What were the main results on {subject}?"),
    (r"safety|adverse|harms", "What adverse events were reported with {subject}?"),
    (r"methods|participants|patients", "Who took part in the study of {subject}?"),
)
_NOT_SUBJECT = re.compile(
    r"^(?:what|how|which|when) (?:is|are|was|were)(?: an?| the)?\s+|"
    r"^(?:(?:drug )?treatments?|evidence|management|therapy) (?:for|of)\s+|"
    r",? (?:assessed and )?(?:treated|managed|diagnosed)\b.*$| and how intensively.*$|\?$",
    re.IGNORECASE,
)


def subject_of(title: str) -> str:
    """What a title is about: "What is the treatment for myositis?" gives "myositis"."""
    subject, before = " ".join(re.split(r"[:;]", title)[0].split()[:SUBJECT_WORDS]), ""
    while subject != before:
        before, subject = subject, _NOT_SUBJECT.sub("", subject).strip()
    return subject or title


def suggest(
    evidence: Evidence,
    cited: Sequence[tuple[str, tuple[str, ...]]],
    asked_before: Sequence[str],
    snapshot: Snapshot,
    encoder: Encoder,
    rules: Rules,
) -> tuple[str, ...]:
    """Up to three questions that the corpus can answer, near what was cited (document id, section path)."""
    document = _main(evidence, cited)
    if document is None:
        return ()
    said = {question.casefold() for question in asked_before}
    offers = [
        one
        for one in _offers(document, {path for _, path in cited}, snapshot.vocabulary)
        if one[0].casefold() not in said
    ][:TRIED]
    kept: list[str] = []
    for batch in (offers[:OFFERED], offers[OFFERED:]):
        if len(kept) < OFFERED:
            kept += _answerable(document, batch, snapshot, encoder, rules)
    return tuple(kept[:OFFERED])


def openers(document: Document, snapshot: Snapshot, encoder: Encoder, rules: Rules) -> tuple[str, ...]:
    """Up to three questions to begin with on a document, which the corpus can answer."""
    offers = list(_offers(document, set(), snapshot.vocabulary))[:TRIED]
    return tuple(_answerable(document, offers, snapshot, encoder, rules))[:OFFERED]


def _answerable(
    document: Document,
    offers: Sequence[tuple[str, tuple[str, ...]]],
    snapshot: Snapshot,
    encoder: Encoder,
    rules: Rules,
) -> Iterator[str]:
    """The questions that their own section answers well enough."""
    rows = snapshot.store.rows_of((document.id,))
    sections = [passage.section for passage in snapshot.passages(rows)]
    queries = make_queries([question for question, _ in offers], snapshot, encoder)
    for (question, path), query in zip(offers, queries, strict=True):
        hits = hits_of(query, rows[[section == path for section in sections]], snapshot)
        if examine(query, hits, (), snapshot, rules).sufficiency.sufficient:
            yield question


def _main(evidence: Evidence, cited: Sequence[tuple[str, tuple[str, ...]]]) -> Document | None:
    """The vetted article that was cited, or that cites what was; else the first cited document."""
    documents = [evidence.document(document_id) for document_id, _ in cited]
    found = {document.id for document in documents}
    citing = [d for d in evidence.documents if any(r.document_id in found for r in d.references)]
    articles = [d for d in (*documents, *citing) if d.kind is DocumentKind.ARTICLE]
    return next(iter((*articles, *documents)), None)


def _offers(
    document: Document, used: set[tuple[str, ...]], vocabulary: Vocabulary
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Questions and the section each would be answered from: sections after the used ones first."""
    paths = list(dict.fromkeys(s.path for s in document.sections if s.path and not s.is_table))
    last = max((paths.index(path) for path in used if path in paths), default=-1)
    for path in [*paths[last + 1 :], *paths[: last + 1]]:
        if path not in used and (question := _question(document, path, vocabulary)):
            yield question, path


def _question(document: Document, path: tuple[str, ...], vocabulary: Vocabulary) -> str | None:
    """A question that a section answers; None where its heading names nothing one would ask about."""
    subject, heading = subject_of(document.work.title), path[-1].strip(" .:")
    vetted = document.kind is DocumentKind.ARTICLE
    for pattern, form in _QUESTION if vetted else _FOR_TRIALS:
        if re.fullmatch(pattern, heading, re.IGNORECASE):
            return form.format(subject=subject)
    named = vocabulary.mentions(heading)
    if not vetted or not named or ":" in heading or "introduction" in heading.lower():
        return None
    return f"What does the evidence say about {_lowered(heading)} in {subject}?"


def _lowered(heading: str) -> str:
    """A title-case heading as it stands in a sentence; names with a capital or digit inside stay."""
    return " ".join(
        word if re.search(r"[A-Z0-9]", re.sub(r"(?:^|-)[A-Z](?=[a-z])", "", word)) else word.lower()
        for word in heading.split()
    )
