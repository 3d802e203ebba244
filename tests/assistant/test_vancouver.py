"""References as the NLM's Citing Medicine writes them, worked by hand."""

import pytest

from assistant.vancouver import reference
from corpus.types import Author, Document, DocumentKind, Work

SEVEN = tuple(Author(family, "A") for family in ("Ab", "Cd", "Ef", "Gh", "Ij", "Kl", "Mn"))

REFERENCES = [
    (
        Work("IVIG in dermatomyositis", (Author("Aggarwal", "R"), Author("Schessl", "Joachim")), "N Engl J Med", 2022,
             "387", "14", "1264-78", "10.1056/NEJMoa2117912", "36198179"),
        "Aggarwal R, Schessl J. IVIG in dermatomyositis. N Engl J Med. 2022;387(14):1264-78. "
        "doi:10.1056/NEJMoa2117912. PMID: 36198179.",
    ),
    (Work("T", SEVEN[:6], "J", 2020), "Ab A, Cd A, Ef A, Gh A, Ij A, Kl A. T. J. 2020."),
    (Work("T", SEVEN, "J", 2020), "Ab A, Cd A, Ef A, Gh A, Ij A, Kl A, et al. T. J. 2020."),
    (Work("T", (Author("RECOVERY Collaborative Group"),), "Lancet", 2021, "397"),
     "RECOVERY Collaborative Group. T. Lancet. 2021;397."),
    (Work("T", (Author("van der Berg", "Anna Maria"),), "J", 2019), "van der Berg AM. T. J. 2019."),
    (Work("T", (Author("Lee", "Jin-Ho"),), "J", 2019), "Lee JH. T. J. 2019."),
    (Work("T", (Author("Lee", "J.H."),), "J", 2019), "Lee JH. T. J. 2019."),
    (Work("T", (Author("Lee", "JH"),), "J", 2019), "Lee JH. T. J. 2019."),
    (Work("Does it work?", (Author("Lee", "J"),), "J", 2019), "Lee J. Does it work? J. 2019."),
    (Work("T", (Author("Lee", "J"),), "J", 2019, pages="1-9"), "Lee J. T. J. 2019;1-9."),
    (Work("T", (Author("Lee", "J"),), "J", 2019, "3", pages="e5"), "Lee J. T. J. 2019;3:e5."),
    (Work("T", (Author("Lee", "J"),), "J"), "Lee J. T. J."),
    (Work("T"), "T."),
    (Work("T", year=2019, pmcid="PMC12"), "T. 2019. PMC12."),
    (Work("T", year=2019, url="https://example.org/t"), "T. 2019. Available from: https://example.org/t"),
    (Work("T", year=2019, doi="10.5555/t", url="https://doi.org/10.5555/t"), "T. 2019. doi:10.5555/t."),
]  # fmt: skip


@pytest.mark.parametrize(("work", "expected"), REFERENCES)
def test_literature(work: Work, expected: str) -> None:
    assert reference(Document("d", DocumentKind.LITERATURE, work, "", ())) == expected


def test_a_list_that_already_ends_in_et_al_says_so_once() -> None:
    authors = (*SEVEN[:3], Author("et al."))
    shown = reference(Document("d", DocumentKind.LITERATURE, Work("T", authors, "J", 2020), "", ()))
    assert shown == "Ab A, Cd A, Ef A, et al. T. J. 2020."


def test_a_vetted_article_names_itself_and_its_revision() -> None:
    work = Work("How is gout treated?", year=2026)
    shown = reference(Document("gout", DocumentKind.ARTICLE, work, "", (), updated="2026-11-22"))
    assert shown == "How is gout treated? Sequitur article gout. Updated 2026-11-22."
