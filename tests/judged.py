"""Answers as an evaluator meets them, made by hand: what was told, and what its citations turned out to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer import Outcome
from assistant.evaluation.case import Case
from assistant.evaluation.measures import Judged, judge
from assistant.evaluation.told import Told, ToldCitation, ToldRelated, ToldSource, ToldStatement, Verified
from assistant.policy import caution, disclaimer


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation as told, and the span that the snapshot holds ("" where it is the quote, None where there is none)."""

    quote: str
    span: str | None = ""
    source: str = "article-1"
    n: int = 1
    supports: str = "verbatim"
    status: str = "approved"
    via: tuple[str, ...] = ()
    numbered: bool = True
    withdrawn: tuple[str, ...] = ()
    attributed: bool = True

    def told(self) -> ToldCitation:
        where = (f"{self.source}#0", 0, len(self.quote))
        return ToldCitation(self.n, self.source, *where, self.quote, self.supports, self.status, self.via)

    def verified(self, statement: int) -> Verified:
        span = self.quote if self.span == "" else self.span
        return Verified(statement, self.n, span, self.numbered, self.withdrawn, self.attributed)


Said = tuple[str, Sequence[Cite]]

SPANS = (
    "At week 16, at least minimal improvement was reached by 79% of adults on IVIg 2 g/kg every 4 weeks (P < .001).",
    "Allopurinol should be started at 100 mg/day or less, and lower in chronic kidney disease.",
    "Cardiovascular death was higher with febuxostat than with allopurinol (hazard ratio 1.34, 95% CI 1.03–1.73).",
    "Vancomycin 125 mg is given by mouth four times daily for 10 days in Clostridioides difficile infection.",
    "Prednisolone 12.5 to 25 mg daily is tapered to 10 mg within 4 to 8 weeks in polymyalgia rheumatica.",
    "Of 11,340 patients with COVID-19, those aged 65 years or older had an IL-6 above 80 pg/mL; −3.2 kg, 10⁹/L.",
)
"""Sentences as sources have them, full of numbers."""


class Words:
    """A support check with a law of its own: premises support a claim when they hold all its words between them."""

    name = "words"

    def supports(self, claim: str, premises: Sequence[str]) -> bool:
        return bool(premises) and set(claim.split()) <= set(" ".join(premises).split())


def quoting(text: str, source: str = "article-1", n: int = 1) -> Said:
    """A statement that is the span it cites."""
    return text, (Cite(text, source=source, n=n),)


def case(**fields: object) -> Case:
    """A case that can be answered, unless told otherwise."""
    return Case(**{"id": "case-1", "question": "Which dose?", "outcome": Outcome.ANSWERED, **fields})  # type: ignore[arg-type]


def judged(
    said: Sequence[Said] = (),
    of: Case | None = None,
    outcome: Outcome | None = None,
    related: Sequence[str] = (),
    sources: Sequence[tuple[int, str, str]] | None = None,
    caution_told: str | None = None,
    disclaimer_told: str | None = None,
) -> Judged:
    """A judged answer; without statements it is a refusal. `related`: review statuses; `sources`: (n, id, status)."""
    listed = sources
    if listed is None:
        listed = [*dict.fromkeys((one.n, one.source, one.status) for _, cited in said for one in cited)]
    told = Told(
        question="Which dose?",
        read_as="Which dose?",
        outcome=outcome or (Outcome.ANSWERED if said else Outcome.INSUFFICIENT_EVIDENCE),
        message=None,
        statements=tuple(ToldStatement(text, ("S",), tuple(one.told() for one in cited)) for text, cited in said),
        sources=tuple(ToldSource(n, id, "T", None, "rct", status, "current") for n, id, status in listed),
        related=tuple(ToldRelated("p#0", "p", "T", ("S",), "text", status) for status in related),
        caution=caution_told,
        disclaimer=disclaimer().text if disclaimer_told is None else disclaimer_told,
    )
    verified = [one.verified(number) for number, (_, cited) in enumerate(said) for one in cited]
    return judge(of or case(), told, verified, Words())


CAUTION = caution().text
