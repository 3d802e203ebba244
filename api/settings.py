"""The only reader of the environment."""

import getpass
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_data_path

from api.errors import BadSetting
from corpus.catalogue.database import default_url
from corpus.connectors.crossref import API as CROSSREF
from corpus.connectors.eutils import EUTILS
from corpus.review import ReviewRules
from corpus.types import ReviewStatus
from indexer.encoder import Encoder, SentenceTransformerEncoder

DAYS_KEPT = 365

_POLICIES = {
    "any": ReviewStatus.SUBMITTED,
    "under_review": ReviewStatus.UNDER_REVIEW,
    "approved": ReviewStatus.APPROVED,
}


@dataclass(frozen=True, slots=True)
class Services:
    """Where literature is fetched from, and how we introduce ourselves there."""

    pubmed_url: str = EUTILS
    crossref_url: str = CROSSREF
    ncbi_key: str = field(default="", repr=False)
    contact: str = ""
    proxy: str = ""


@dataclass(frozen=True, slots=True)
class JudgeServer:
    """The language model that evaluators may ask for its opinion, and the address of its server."""

    url: str = ""
    model: str = ""
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Serving:
    """How the HTTP service guards itself.

    `rate` is how many requests a caller may make in a minute (0: any number), `queue` how many questions may wait,
    `threads` how many are worked on at once, `seconds` how long one may take. `origins` may call it from their own
    pages in a browser; `hosts` are the names it is reached under (empty: any). `telemetry_url` is where traces go.
    """

    keys_always: bool = False
    rate: int = 120
    queue: int = 32
    threads: int = 2
    seconds: int = 30
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    telemetry_url: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses; docs/operators.md explains each setting.

    SEQUITUR_HOME (the user's data folder), SEQUITUR_DATABASE (catalogue.db in the home), SEQUITUR_ENCODER (the
    installed all-MiniLM-L6-v2), SEQUITUR_POLICY (any), SEQUITUR_APPROVERS (1), SEQUITUR_GATE (none),
    SEQUITUR_SNAPSHOT (the live one), SEQUITUR_ANSWER_DAYS (365; 0 keeps none), SEQUITUR_USER (the user's name),
    SEQUITUR_PUBMED_URL, SEQUITUR_CROSSREF_URL, SEQUITUR_NCBI_KEY, SEQUITUR_CONTACT, SEQUITUR_PROXY,
    SEQUITUR_JUDGE_URL, SEQUITUR_JUDGE_MODEL, SEQUITUR_JUDGE_KEY, SEQUITUR_KEYS (auto), SEQUITUR_RATE (120),
    SEQUITUR_QUEUE (32), SEQUITUR_THREADS (one for each core), SEQUITUR_SECONDS (30), SEQUITUR_ORIGINS (none),
    SEQUITUR_HOSTS (any), SEQUITUR_TELEMETRY_URL (none).
    """

    home: Path
    database: str
    encoder_folder: Path | None = None
    least_status: ReviewStatus = ReviewStatus.SUBMITTED
    review_rules: ReviewRules = field(default_factory=ReviewRules)
    gate: tuple[str, ...] = ()
    snapshot: str | None = None
    answer_days: int = DAYS_KEPT
    user: str = ""
    services: Services = field(default_factory=Services)
    judge: JudgeServer = field(default_factory=JudgeServer)
    serving: Serving = field(default_factory=Serving)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Raises BadSetting, which names the setting and what it may be."""
        values = {name: value for name, value in (os.environ if environment is None else environment).items() if value}
        folder = values.get("SEQUITUR_ENCODER")
        home = Path(values.get("SEQUITUR_HOME") or user_data_path("sequitur", appauthor=False)).absolute()
        return cls(
            home=home,
            database=values.get("SEQUITUR_DATABASE") or default_url(home),
            encoder_folder=Path(folder) if folder else None,
            least_status=_policy(values.get("SEQUITUR_POLICY", "any")),
            review_rules=ReviewRules(_number(values, "SEQUITUR_APPROVERS", 1, range(1, 3))),
            gate=_command(values.get("SEQUITUR_GATE", "")),
            snapshot=values.get("SEQUITUR_SNAPSHOT"),
            answer_days=_number(values, "SEQUITUR_ANSWER_DAYS", DAYS_KEPT, range(36_525)),
            user=values.get("SEQUITUR_USER") or _user(),
            services=_services(values),
            judge=_judge(values),
            serving=_serving(values),
        )

    def encoder(self) -> Encoder:
        """The configured encoder; NoEncoder or EncoderMismatch say what is wrong with it."""
        if self.encoder_folder is None:
            return SentenceTransformerEncoder.default()
        return SentenceTransformerEncoder(self.encoder_folder)


def _command(written: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(written))
    except ValueError as error:
        raise BadSetting(f"SEQUITUR_GATE is {written!r}, which is no command line: {error}") from error


def _policy(written: str) -> ReviewStatus:
    if written not in _POLICIES:
        raise BadSetting(f"SEQUITUR_POLICY is {written!r}; use one of {', '.join(_POLICIES)}")
    return _POLICIES[written]


def child_environment(settings: "Settings", snapshot: str) -> dict[str, str]:
    """The environment of a command that is to look at a snapshot of this installation before it is live."""
    own = {"SEQUITUR_HOME": str(settings.home), "SEQUITUR_DATABASE": settings.database, "SEQUITUR_SNAPSHOT": snapshot}
    return {**os.environ, **own}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a process of a user that the machine does not know by name
        return f"user {os.getuid()}"


def _number(values: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    written = values.get(name, str(default))
    if not written.isdecimal() or int(written) not in allowed:
        raise BadSetting(f"{name} is {written!r}; use a number from {allowed[0]} to {allowed[-1]}")
    return int(written)


def _services(values: Mapping[str, str]) -> Services:
    return Services(
        pubmed_url=values.get("SEQUITUR_PUBMED_URL", EUTILS),
        crossref_url=values.get("SEQUITUR_CROSSREF_URL", CROSSREF),
        ncbi_key=values.get("SEQUITUR_NCBI_KEY", ""),
        contact=values.get("SEQUITUR_CONTACT", ""),
        proxy=values.get("SEQUITUR_PROXY", ""),
    )


def _judge(values: Mapping[str, str]) -> JudgeServer:
    url, model, key = (values.get(f"SEQUITUR_JUDGE_{name}", "") for name in ("URL", "MODEL", "KEY"))
    return JudgeServer(url, model, key)


def _serving(values: Mapping[str, str]) -> Serving:
    keys = values.get("SEQUITUR_KEYS", "auto")
    if keys not in ("auto", "always"):
        raise BadSetting(f"SEQUITUR_KEYS is {keys!r}; use auto (not asked for on loopback) or always")
    return Serving(
        keys_always=keys == "always",
        rate=_number(values, "SEQUITUR_RATE", 120, range(1_000_000)),
        queue=_number(values, "SEQUITUR_QUEUE", 32, range(1, 10_000)),
        threads=_number(values, "SEQUITUR_THREADS", os.cpu_count() or 1, range(1, 1_000)),
        seconds=_number(values, "SEQUITUR_SECONDS", 30, range(1, 3_600)),
        origins=tuple(values.get("SEQUITUR_ORIGINS", "").split()),
        hosts=tuple(values.get("SEQUITUR_HOSTS", "").split()),
        telemetry_url=values.get("SEQUITUR_TELEMETRY_URL", ""),
    )
