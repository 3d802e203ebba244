"""NCBI E-utilities: one door to PubMed and PubMed Central, and the many ways in which it says no."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from lxml import etree

from corpus.connectors.errors import PassingFault, ServiceError
from corpus.connectors.exchange import Parameters, Politeness, Reply, Request
from corpus.connectors.http import Service
from corpus.connectors.pace import SYSTEM, Timing
from corpus.readers.jats_inline import Node

EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
TOOL = "sequitur"
Result = TypeVar("Result")

# NCBI allows 3 requests a second, and 10 with an API key (NBK25497); a little less, since clocks differ.
_INTERVAL, _INTERVAL_WITH_KEY = 0.34, 0.11
# Messages of a back-end that is out of order; they come with HTTP status 200 or 400 like any other.
_OUT_OF_ORDER = re.compile(
    r"backend|address table|remote server|proxy_stream|exception|empty response|tim(?:ed|e)[ -]?out|temporar|try again"
    r"|unable to obtain|unavailable|overload|failed|rate limit",
    re.IGNORECASE,
)
_NO_SUCH_IDS = re.compile(r"ID list is empty|Empty ID list", re.IGNORECASE)
_OF_ONE_RECORD = re.compile(r"cannot get document summary", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class XmlReply:
    """A well-formed reply: its root element, and the bytes it was read from."""

    root: Node
    body: bytes


class Eutils:
    """The E-utilities, for as many clients as share one machine's rate. Not for several threads at once.

    Everything is sent by POST: long lists of identifiers fit, and the API key is in no address that could be logged.
    """

    def __init__(
        self,
        *,
        base_url: str = EUTILS,
        api_key: str = "",
        contact: str = "",
        politeness: Politeness | None = None,
        proxy: str = "",
        timing: Timing = SYSTEM,
    ) -> None:
        self._identity: Parameters = tuple(
            (name, value) for name, value in (("tool", TOOL), ("email", contact), ("api_key", api_key)) if value
        )
        self._service = Service(
            "NCBI E-utilities",
            base_url,
            politeness or Politeness(_INTERVAL_WITH_KEY if api_key else _INTERVAL),
            agent=f"{TOOL} (mailto:{contact})" if contact else TOOL,
            secrets=(api_key,),
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

    def ask(
        self, utility: str, form: Iterable[tuple[str, str]], expected: str, read: Callable[[XmlReply], Result]
    ) -> Result | None:
        """What `read` makes of the reply of a utility ("efetch"), whose root is to be `expected`.

        None where NCBI says that none of the ids is one. Raises ServiceUnavailable, ServiceGarbled, ServiceRefused.
        """
        sent = (*form, *self._identity)
        request = Request(f"{utility}.fcgi", form=sent, also=frozenset((400,)))

        def understood(reply: Reply) -> Result | None:
            xml = self._xml(reply, expected)
            return None if xml is None else read(xml)

        return self._service.ask(request, understood)

    def _xml(self, reply: Reply, expected: str) -> XmlReply | None:
        if b"<!ENTITY" in reply.body:
            raise self._service.refused("answers with XML that declares entities, which is not read; report this")
        root = _parsed(reply)
        message = _message(reply) if root is None else "; ".join(_errors(root))
        if _NO_SUCH_IDS.search(message) and not _OUT_OF_ORDER.search(message):
            return None
        if message or root is None:
            raise self._fault(message, reply.status)
        if root.tag != expected:
            raise PassingFault(f"answers with <{root.tag}> where <{expected}> belongs", garbled=True)
        return XmlReply(root, reply.body)

    def _fault(self, message: str, status: int) -> ServiceError:
        """The error for a message that came instead of a result; for no message, XML that cannot be read."""
        if not message:
            return PassingFault("answers with a web page, or with XML that breaks off or is broken", garbled=True)
        if _OUT_OF_ORDER.search(message):
            return PassingFault(f"answers: {message}")
        return self._service.refused(f"refuses the request: {message}; check the API key and the identifiers", status)


def _errors(root: Node) -> Iterator[str]:
    """The errors of a reply that are about all of it."""
    for node in root.iterchildren("ERROR"):
        error = " ".join("".join(map(str, node.itertext())).split())
        if not _OF_ONE_RECORD.search(error):
            yield error or "an error without a message"


def _message(reply: Reply) -> str:
    """What a refusal says that is not XML (plain text, JSON); "" for markup."""
    text = reply.body[:2000].decode("utf-8", "replace").strip()
    return "" if reply.status < 400 or text.startswith("<") else text


def _parsed(reply: Reply) -> Node | None:
    """The root element, with no entity expanded and no DTD, file or address opened; None for what is not XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(reply.body, parser)
    except etree.XMLSyntaxError:
        return None
