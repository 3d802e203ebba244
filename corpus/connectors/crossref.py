"""Crossref: what a DOI names, and what became of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from corpus.connectors.batches import Batch, in_batches, settle
from corpus.connectors.crossref_works import CROSSREF, Message, doi_of, read_work
from corpus.connectors.errors import PassingFault, ServiceRefused
from corpus.connectors.exchange import Politeness, Reply, Request
from corpus.connectors.http import Service
from corpus.connectors.pace import SYSTEM, Timing
from corpus.readers.identifiers import doi_in
from corpus.types import Problem, Record

API = "https://api.crossref.org/"
# Since December 2025 lists may be asked for 3 times a second by those who leave an address, else once; single works
# oftener (crossref.org, "Announcing changes to REST API rate limits"). One pace for both.
_INTERVAL_POLITE, _INTERVAL_PUBLIC = 0.34, 1.0
_TOGETHER = 25  # DOIs a request: they stand in the address, which may be some 8,000 characters long
_ABOUT_THE_DOI = frozenset((400, 404, 410, 414, 422))  # statuses that mean the DOI asked for, not whoever asks


class Crossref:
    """Works of Crossref, batch by batch. Not for several threads at once."""

    def __init__(
        self,
        *,
        base_url: str = API,
        contact: str = "",
        politeness: Politeness | None = None,
        proxy: str = "",
        timing: Timing = SYSTEM,
    ) -> None:
        self._service = Service(
            CROSSREF,
            base_url,
            politeness or Politeness(_INTERVAL_POLITE if contact else _INTERVAL_PUBLIC),
            agent=f"sequitur (mailto:{contact})" if contact else "sequitur",
            proxy=proxy,
            timing=timing,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._service.close()

    def fetch(self, dois: Iterable[str]) -> Iterator[Record]:
        """A reference for each DOI, keyed by it, with its notices; a Problem for each that Crossref does not hold."""
        return chain.from_iterable(batch.records for batch in self.batches(dois))

    def batches(self, dois: Iterable[str]) -> Iterator[Batch]:
        """The same, as it is settled. Raises ServiceError; every batch before that is good."""
        for asked in in_batches(dois, _TOGETHER):
            yield settle(asked, self._records, CROSSREF)

    def _records(self, asked: tuple[str, ...]) -> Iterator[Record]:
        doi_of_written = {written: doi_in(written) for written in asked}
        listed = self._listed(list(dict.fromkeys(doi for doi in doi_of_written.values() if _is_listable(doi))))
        for written, doi in doi_of_written.items():
            if not doi:
                yield Problem(CROSSREF, written, "is not a DOI; write it as 10.1000/xyz")
            else:
                # A list leaves out what it does not know, and aliases; only the work's own address says which.
                message = listed.get(doi.lower()) or self._single(doi)
                yield from [message] if isinstance(message, Problem) else read_work(message, doi)

    def _listed(self, dois: list[str]) -> dict[str, Message]:
        """The works of a list, by DOI. Repeated filters of one name mean any of them."""
        if len(dois) < 2:
            return {}
        names = ",".join(f"doi:{doi}" for doi in dois)
        request = Request("works", query=(("filter", names), ("rows", str(len(dois)))))
        try:
            items = self._service.ask(request, lambda reply: _message(reply, "work-list").get("items"))
        except ServiceRefused as error:
            if error.status not in _ABOUT_THE_DOI:
                raise
            return {}
        return {doi_of(item): item for item in items or () if isinstance(item, dict)}

    def _single(self, doi: str) -> Message | Problem:
        try:
            return self._service.ask(Request(f"works/{quote(doi, safe='')}"), lambda reply: _message(reply, "work"))
        except ServiceRefused as error:
            if error.status not in _ABOUT_THE_DOI:
                raise
            return Problem(CROSSREF, doi, "Crossref holds no such DOI: mistyped, or registered elsewhere")


def _is_listable(doi: str) -> bool:
    """Whether a filter can name a DOI: a comma would end it."""
    return bool(doi) and "," not in doi


def _message(reply: Reply, kind: str) -> Mapping[str, Any]:
    """The message of a reply of a kind ("work", "work-list")."""
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise PassingFault("answers with what is not JSON, or breaks off", garbled=True) from error
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, dict) or answer.get("message-type") != kind:
        raise PassingFault(f"answers with JSON that is not a {kind}", garbled=True)
    return message
