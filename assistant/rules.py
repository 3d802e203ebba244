"""What a site decides about answers: which sources may be evidence, and how sure is sure enough."""

from dataclasses import dataclass

from corpus.types import Document, ReviewStatus, Work


@dataclass(frozen=True, slots=True)
class Rules:
    """Which sources may be evidence, and from where on a question is answered.

    `least` is how far their review must have come. `barred` names works (ids, DOIs in lower case, PMIDs) that became
    no evidence since the snapshot was built. `enough` is the probability, in [0, 1], from which evidence suffices;
    None takes the fitted one.
    """

    least: ReviewStatus = ReviewStatus.SUBMITTED
    barred: tuple[str, ...] = ()
    enough: float | None = None

    def admits(self, document: Document) -> bool:
        """Never a retracted work or a notice, nor one that is barred, nor one whose review has not come far enough."""
        order = list(ReviewStatus)
        far_enough = order.index(document.review_status) >= order.index(self.least)
        return far_enough and document.source_status.is_evidence and not self.bars(document.id, document.work)

    def bars(self, document_id: str, work: Work) -> bool:
        """Whether a work is barred under its id, its DOI or its PMID."""
        return any(name in self.barred for name in (document_id, work.doi.lower(), work.pmid) if name)
