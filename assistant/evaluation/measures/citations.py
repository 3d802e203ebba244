"""Whether citations are real, exact and sufficient. A citation says what the snapshot holds, not what it quotes."""

from assistant.evaluation.measures.judged import Cited, Judged
from assistant.evaluation.quantities import quantities, unheld
from assistant.evaluation.score import Score


def citation_recall(judged: Judged) -> Score | None:
    """Statements that all their cited spans together support (ALCE citation recall).

    Gao et al., EMNLP 2023, arXiv 2305.14627. A statement that cites a span that is not there is not supported. ALCE
    averages over answers, here statements are pooled.
    """
    return _share([one.together for one in judged.supported])


def citation_precision(judged: Judged) -> Score | None:
    """Citations that are not irrelevant, of all (ALCE citation precision, arXiv 2305.14627).

    A citation counts when its statement is supported by all its spans together and either the span alone supports it,
    or the others without it do not. ALCE's program leaves out statements with a citation that is not there; here all
    their citations count against.
    """
    counted = [
        one.together and (len(one.alone) == 1 or alone or not without)
        for one in judged.supported
        for alone, without in zip(one.alone, one.without, strict=True)
    ]
    return _share(counted)


def statement_support(judged: Judged) -> Score | None:
    """Statements that at least one source supports (SourceCheckup, arXiv 2402.02008).

    SourceCheckup tries each source that a response names, as these are not bound to statements; here only the spans
    that the statement itself cites are tried.
    """
    return _share([any(one.alone) for one in judged.supported])


def answer_support(judged: Judged) -> Score | None:
    """Whether every statement of an answer is supported by a source (SourceCheckup, arXiv 2402.02008)."""
    return _whole([any(one.alone) for one in judged.supported])


def numeric_fidelity(judged: Judged) -> Score | None:
    """Statements with numbers whose every number stands in a cited span, with its unit and comparison sign.

    Ours. Statements without numbers do not count, so that they cannot hide the others.
    """
    faithful = [
        not unheld(statement.text, [span for span in spans if span is not None])
        for statement, spans in zip(judged.told.statements, judged.spans, strict=True)
        if quantities(statement.text)
    ]
    return _share(faithful)


def citation_validity(judged: Judged) -> Score | None:
    """Citations whose number and source the source list holds together, and whose passage and span exist. Ours.

    The works named as what the source rests on there have to be those that it cites. It corresponds to the valid links
    that SourceCheckup counts.
    """
    listed = {(source.n, source.id) for source in judged.told.sources}
    return _share(
        [
            one.verified.numbered
            and one.verified.attributed
            and one.verified.span is not None
            and (one.citation.n, one.citation.source_id) in listed
            for one in judged.cited
        ]
    )


def span_exactness(judged: Judged) -> Score | None:
    """Citations whose quote is what the source holds at the cited place, and is the statement if "verbatim". Ours."""
    return _share([_is_exact(one) for one in judged.cited])


def _is_exact(one: Cited) -> bool:
    verbatim = one.citation.supports == "verbatim"
    return one.verified.span == one.citation.quote and (not verbatim or one.citation.quote == one.statement.text)


def withdrawn_cited(judged: Judged) -> Score | None:
    """How often an answer cites what is no evidence: retracted, withdrawn, a notice, barred. Ours; must be 0."""
    return Score(sum(len(one.withdrawn) for one in judged.verified)) if judged.verified else None


def _share(verdicts: list[bool]) -> Score | None:
    """How many of the parts of an answer; nothing without parts."""
    return Score(sum(verdicts), len(verdicts)) if verdicts else None


def _whole(verdicts: list[bool]) -> Score | None:
    """Whether all parts of an answer."""
    return Score(float(all(verdicts))) if verdicts else None
