"""Tiny real corpora: Markdown and CSL-JSON as an operator would write them, read and indexed for real."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.pipeline import Assistant
from assistant.rules import Rules
from corpus.readers.article import read_article
from corpus.readers.csl import read_csl
from corpus.types import Document, ReviewStatus, SourceStatus
from indexer.build import build
from indexer.encoder import Encoder
from indexer.snapshot import Snapshot, activate, open_current

CREATED = "2026-01-02T03:04:05+00:00"
Said = Sequence[tuple[str, str]]
"""Sentences, each with the keys it cites, separated by spaces."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article to be written: its sentences by section, each with the keys it cites."""

    id: str
    title: str
    sections: Mapping[str, Said]
    status: ReviewStatus = ReviewStatus.UNDER_REVIEW

    @property
    def markdown(self) -> str:
        lines = ["---", f"id: {self.id}", f'title: "{self.title}"', f"topic: {self.id}", f"status: {self.status}"]
        lines += ["updated: 2026-01-01", "---", ""]
        for heading, said in self.sections.items():
            lines += [f"## {heading}", "", " ".join(_cited(*one) for one in said), ""]
        return "\n".join(lines)

    @property
    def cited(self) -> dict[str, tuple[str, ...]]:
        """The keys that each sentence cites."""
        return {text: tuple(keys.split()) for said in self.sections.values() for text, keys in said}


def _cited(text: str, keys: str) -> str:
    return f"{text[:-1]} [{'; '.join('@' + key for key in keys.split())}]." if keys else text


@dataclass(frozen=True, slots=True)
class Paper:
    """A work of the literature and what it found."""

    key: str
    title: str
    findings: tuple[str, ...]
    evidence: str = "rct"
    review: ReviewStatus = ReviewStatus.UNDER_REVIEW
    status: SourceStatus = SourceStatus.CURRENT

    @property
    def doi(self) -> str:
        return f"10.1000/{self.key}"

    @property
    def id(self) -> str:
        return f"DOI:{self.doi}"

    @property
    def record(self) -> dict[str, object]:
        return {
            "id": self.key, "type": "article-journal", "title": self.title, "container-title": "J Tiny Med",
            "author": [{"family": "Berg", "given": "Anna"}], "issued": {"date-parts": [[2020]]}, "volume": "3",
            "page": "1-9", "DOI": self.doi, "evidence_type": self.evidence, "key_findings": list(self.findings),
            "review_status": self.review, "source_status": self.status,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Library:
    """Articles and the literature they cite."""

    articles: tuple[Article, ...] = ()
    papers: tuple[Paper, ...] = field(default=())

    def documents(self) -> tuple[Document, ...]:
        references, literature = read_csl(self.csl, "literature.json")
        known = {reference.key: reference for reference in references}
        return (*(read_article(one.markdown, f"{one.id}.md", known) for one in self.articles), *literature)

    @property
    def csl(self) -> str:
        return json.dumps([paper.record for paper in self.papers])

    def write(self, folder: Path) -> tuple[Path, Path]:
        """The folder of articles and the literature file, as a command line takes them."""
        articles, literature = folder / "articles", folder / "literature.json"
        articles.mkdir(parents=True)
        for article in self.articles:
            (articles / f"{article.id}.md").write_text(article.markdown, "utf-8")
        literature.write_text(self.csl, "utf-8")
        return articles, literature


def snapshot_of(documents: Iterable[Document], home: Path, encoder: Encoder) -> Snapshot:
    """The documents, indexed and live under `home`."""
    manifest = build(documents, home, encoder, created=CREATED, software="tiny 1")
    activate(home, manifest.id)
    return open_current(home, encoder.identity)


def assistant_over(snapshot: Snapshot, encoder: Encoder, *, approved_only: bool = False) -> Assistant:
    """An assistant whose clock stands still and whose ids are all the same."""
    least = ReviewStatus.APPROVED if approved_only else ReviewStatus.SUBMITTED
    return Assistant(
        snapshot, encoder, software="tiny 1", rules=Rules(least),
        now=lambda: CREATED, new_id=lambda: "00000000-0000-0000-0000-000000000000",
    )  # fmt: skip


UNDER_REVIEW, APPROVED = ReviewStatus.UNDER_REVIEW, ReviewStatus.APPROVED

PAPERS = (
    Paper("urate2020", "Guideline for gout", (
        "Allopurinol is started at 100 mg daily or less in gout.",
        "Serum urate below 360 µmol/L is the target of allopurinol in gout.",
    ), "guideline", APPROVED),
    Paper("febu2018", "Febuxostat in gout", (
        "Cardiovascular death was higher with febuxostat than with allopurinol in 6190 patients with gout.",
    )),
    Paper("peglo2011", "Pegloticase in refractory gout", (
        "Pegloticase 8 mg every 2 weeks cleared tophi in 90% of patients with refractory gout.",
    ), status=SourceStatus.RETRACTED),
    Paper("notice2012", "Retraction of a pegloticase trial", (
        "The pegloticase trial in refractory gout is withdrawn by its authors.",
    ), status=SourceStatus.RETRACTION_NOTICE),
    Paper("canak2012", "Canakinumab in gout flare", (
        "Canakinumab 150 mg relieved pain of gout flare more than triamcinolone after 72 hours.",
    ), status=SourceStatus.EXPRESSION_OF_CONCERN),
    Paper("diet2004", "Diet and incident gout", (
        "Each serving of seafood raised the risk of incident gout by 7% in men.",
    ), "cohort", status=SourceStatus.CORRECTED),
    Paper("diet2005", "Erratum on diet and incident gout", (
        "The serving of dairy in the gout cohort is 240 mL of milk.",
    ), "cohort", status=SourceStatus.ERRATUM),
    Paper("anaki2016", "Anakinra in gout flare", ("Anakinra was as good as usual treatment of a gout flare.",)),
    Paper("lesin2015", "Lesinurad in gout", (
        "Lesinurad 200 mg added to allopurinol brought 54% of patients with gout to the urate target.",
    )),
    Paper("colyes2019", "Colchicine after infarction", (
        "Colchicine reduced stroke in patients with myocardial infarction.",
    )),
    Paper("colno2021", "Colchicine after infarction again", (
        "In 4745 patients with myocardial infarction, colchicine made no difference to stroke.",
    )),
    Paper("thiaz2017", "Guideline for hypertension", (
        "Chlorthalidone lowered systolic pressure in hypertension by 11 mm Hg.",
    ), "guideline", APPROVED),
)  # fmt: skip

GOUT = Article("gout", "How is gout treated?", {
    "First-line treatment": (
        ("Allopurinol is the first-line urate-lowering drug for gout.", "urate2020"),
        ("It is started at 100 mg/day or less and titrated to a serum urate target.", "urate2020"),
        ("Febuxostat is an alternative when allopurinol is not tolerated in gout.", "febu2018 urate2020"),
    ),
    "Refractory disease": (
        ("Lesinurad added to allopurinol brought 54% of patients with gout to the urate target.", "lesin2015"),
        ("Surgery for tophi in refractory gout is rarely needed.", ""),
    ),
    "Treatment caveats": (
        ("Pegloticase cleared tophi in 90% of patients with refractory gout.", "peglo2011"),
    ),
    "Treatment of the acute flare": (
        ("Canakinumab relieves the pain of a gout flare when colchicine is contraindicated.", "canak2012"),
        ("Seafood and little dairy raise the risk of incident gout in men.", "diet2004 diet2005"),
    ),
    "Injections": (
        ("Anakinra injections shorten a gout flare in hospital.", "anaki2016"),
    ),
    "Monitoring": (
        ("Serum urate is measured every 4 weeks while allopurinol is titrated in gout.", "urate2020"),
    ),
})  # fmt: skip

HYPERTENSION = Article("hypertension", "How is hypertension treated?", {
    "First-line treatment": (
        ("Chlorthalidone is a first-line drug in hypertension at 12.5 mg once daily.", "thiaz2017"),
        ("Potassium is checked 4 weeks after chlorthalidone is started in hypertension.", "thiaz2017"),
    ),
}, APPROVED)  # fmt: skip

SCURVY = Article("scurvy", "How is scurvy cured?", {
    "Ascorbate": (
        ("Ascorbate infusions cure scurvy within a week.", "peglo2011"),
        ("It needs observation for two hours on a sailing ship.", "urate2020"),
    ),
})  # fmt: skip
"""Its second sentence leans on one that rests on a retracted work."""

LIBRARY = Library((GOUT, HYPERTENSION, SCURVY), PAPERS)
RETRACTED_LATER = "lesin2015"
"""Current in the literature file; a list of retractions tells what became of it."""
