"""Answer → FHIR R5 EvidenceReport."""

from collections.abc import Iterable

from api.export.fhir_elements import Element, id_of, narrative, reference, sentence
from api.export.markdown import escaped
from api.export.wording import CONFLICT, is_conflict, kind_of, line, outcome_of, review_of, standing_of, warnings_of
from api.schemas import AnswerOut, CitationOut, SourceOut, StatementOut


def report_of(answer: AnswerOut) -> Element:
    """A draft as long as anything shown is not approved. What was asked is its subject; notes carry the disclaimer."""
    sections = [
        *(_statement(statement, number, answer) for number, statement in enumerate(answer.statements, start=1)),
        *([_section(outcome_of(answer), [answer.message])] if answer.message else []),
        *([_related(answer)] if answer.related else []),
        *([_glossary(answer)] if answer.glossary else []),
    ]
    made = answer.provenance
    return {
        "resourceType": "EvidenceReport",
        "id": id_of(answer, "report"),
        "text": narrative(_told(answer)),
        "status": "draft" if answer.caution else "active",
        "identifier": [{"type": {"text": "Sequitur answer"}, "value": line(answer.id)}],
        "type": {"text": f"Answer to a clinical question: {outcome_of(answer).lower()}"},
        "note": [{"time": answer.created, "text": escaped(one)} for one in _notes(answer)],
        "relatedArtifact": [_cites(source, answer) for source in answer.sources],
        "subject": {"characteristic": [_characteristic(*one) for one in _asked(answer) if line(one[1])]},
        "author": [{"name": line(f"{made.software}, generator {made.generator}")}],
        "section": sections,
    }


def _notes(answer: AnswerOut) -> Iterable[str]:
    yield from warnings_of(answer)
    if is_conflict(answer):
        yield CONFLICT
    made = answer.provenance
    prompt = f", prompt {made.prompt}" if made.prompt else ""
    yield (
        f"Made by {made.software} with snapshot {made.snapshot}, encoder {made.encoder}, generator {made.generator}"
        f"{prompt}, policy {made.policy}, disclaimer version {made.disclaimer_version}"
    )


def _asked(answer: AnswerOut) -> Iterable[tuple[str, str]]:
    yield "Question", answer.question
    if answer.read_as != answer.question:
        yield "Read as", answer.read_as
    yield "Audience", answer.audience


def _characteristic(name: str, value: str) -> Element:
    return {"code": {"text": name}, "valueCodeableConcept": {"text": line(value)}}


def _cites(source: SourceOut, answer: AnswerOut) -> Element:
    own = reference(source, answer)
    return {"type": "cites", "label": f"[{source.n}]", "resourceReference": own}


def _told(answer: AnswerOut) -> Iterable[str]:
    """All that a person has to see, for those whose program shows the narrative and nothing else."""
    for name, value in _asked(answer):
        yield f"{name}: {value}"
    yield from warnings_of(answer)
    if is_conflict(answer):
        yield CONFLICT
    if answer.message:
        yield f"{outcome_of(answer)}: {answer.message}"
    for statement in answer.statements:
        numbers = "".join(f"[{source.n}]" for source in _sources(statement, answer))
        yield f"{statement.text} {numbers}"
    for source in answer.sources:
        yield f"[{source.n}] {source.reference} ({standing_of(source, answer)})"
    for near in answer.related:
        yield f"Related, not an answer: {near.title}: {near.text} ({review_of(near.review_status)})"


def _sources(statement: StatementOut, answer: AnswerOut) -> list[SourceOut]:
    """What a statement rests on, in the order in which it is cited."""
    sources = {source.id: source for source in answer.sources}
    ids = dict.fromkeys(one for cited in statement.citations for one in (cited.source_id, *cited.via))
    return [sources[one] for one in ids]


def _statement(statement: StatementOut, number: int, answer: AnswerOut) -> Element:
    """The statement with the Citations it rests on, and in it a section for each span that supports it."""
    cited = _sources(statement, answer)
    numbers = "".join(f"[{source.n}]" for source in cited)
    by_id = {source.id: source for source in cited}
    return {
        "title": f"Statement {number}",
        "focus": {"text": line(" › ".join(statement.section))} if statement.section else None,
        "text": narrative([f"{statement.text} {numbers}"]),
        "mode": "snapshot",
        "entryReference": [reference(source, answer) for source in cited],
        "section": [_support(one, by_id[one.source_id], answer) for one in statement.citations],
    }


def _support(cited: CitationOut, source: SourceOut, answer: AnswerOut) -> Element:
    """The quoted span and where it stands: document, characters (end exclusive), and page where there are pages."""
    page = "" if cited.page is None else f", page {cited.page}"
    review = review_of(cited.review_status)
    return {
        "title": f"Characters {cited.start} to {cited.end} of {line(cited.source_id)}{page}",
        "focusReference": reference(source, answer),
        "text": narrative([f"“{line(cited.quote)}”", f"[{cited.n}] {kind_of(source)}; {review}"]),
        "entryClassifier": [{"text": f"Support: {line(cited.supports)}"}, {"text": sentence(review)}],
    }


def _related(answer: AnswerOut) -> Element:
    parts = [
        _section(" › ".join((one.title, *one.section)), [one.text, f"{one.passage_id}; {review_of(one.review_status)}"])
        for one in answer.related
    ]
    return {**_section("Related, not an answer", ["Passages near the question, to read."]), "section": parts}


def _glossary(answer: AnswerOut) -> Element:
    return _section("Abbreviations", [f"{form}: {meaning}" for form, meaning in answer.glossary.items()])


def _section(title: str, paragraphs: Iterable[str]) -> Element:
    return {"title": line(title), "text": narrative(paragraphs)}
