"""E-mail, web and IP addresses, telephone and fax numbers."""

import ipaddress
import re
from urllib.parse import urlsplit

from assistant.identifiers.rule import IdentifierKind, Rule, value

_LITERATURE = re.compile(
    r"(?:^nhs\.uk|(?:^|\.)england\.nhs\.uk|(?:^|\.)(?:doi\.org|(?:nih|cdc|fda|ahrq|clinicaltrials|medlineplus|cms|va)\.gov|gov\.uk|nice\.org\.uk|sign\.ac\.uk|who\.int|"
    r"europa\.eu|europepmc\.org|cochrane(?:library)?\.(?:org|com)|crossref\.org|isrctn\.com|medrxiv\.org|biorxiv\.org|arxiv\.org|"
    r"nejm\.org|thelancet\.com|bmj\.com|jamanetwork\.com|ahajournals\.org|acpjournals\.org|annals\.org|nature\.com|science(?:direct)?\.(?:org|com)|"
    r"springer\.com|wiley\.com|oup\.com|sagepub\.com|tandfonline\.com|plos\.org|biomedcentral\.com|frontiersin\.org|mdpi\.com|elsevier\.com|"
    r"karger\.com|cell\.com|acc\.org|heart\.org|escardio\.org|rheumatology\.org|eular\.org|kdigo\.org|goldcopd\.org|ginasthma\.org|diabetesjournals\.org|"
    r"diabetes\.org|idsociety\.org|uptodate\.com|bnf\.org|medscape\.com|mayoclinic\.org|wikipedia\.org|orcid\.org|github\.com|brit-thoracic\.org\.uk))$"
)
_UNIT = r"(?!\s*(?:mg|mcg|ug|g|kg|ml|l|u|iu|units?|mmol|ng|pg|nmol|per|/|%|patients|participants|cells|copies|person|years|steps)\b)"
_DIGITS = r"(?P<value>\+?\(?\d[\d ().-]{5,18}\d)(?!\d)"
_LONG = r"[^\d+(]{0,20}"
_SHORT = r"(?:\s+(?:me|us|him|her|them|back|at|on|is|it's|now|number|no\.?|the|his|my|our|wife|husband|daughter|son|mother|father|family|ward|patient|pt)\b)"


def _is_a_page_of_somebody(found: re.Match[str]) -> bool:
    """Literature, guidelines and registers are cited by their address all the time."""
    address = value(found)
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
    except ValueError:  # brackets that hold no IPv6 address: it leads nowhere
        return False
    host = parts.netloc.rpartition("@")[2].partition(":")[0].lower()
    return _LITERATURE.search(host) is None


def _is_an_address(found: re.Match[str]) -> bool:
    """Four numbers below ten are a version or a numbering."""
    text = value(found)
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(len(part) > 1 for part in re.split("[.:]", text))


def _is_dialled(found: re.Match[str]) -> bool:
    """At least seven digits that are no range of counts or years."""
    number = value(found)
    ranged = re.fullmatch(r"\d{4,6}\s?-\s?\d{4,6}", number) is not None and not number.startswith("0")
    decimal = re.fullmatch(r"\d+\.\d+", number) is not None
    return sum(c.isdigit() for c in number) >= 7 and not ranged and not decimal


WRITTEN = (
    Rule(IdentifierKind.E_MAIL, re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")),
    Rule(
        IdentifierKind.E_MAIL,
        re.compile(
            r"(?i)(?<![\w.+-])[\w.+-]{1,64} ?[\[({]? ?\bat\b ?[\])}]? ?[\w-]{1,63} ?[\[({]? ?\bdot\b ?[\])}]? ?(?:com|org|net|edu|gov|info|uk|ie|ca|au|de|fr)\b"
        ),
    ),
    Rule(
        IdentifierKind.E_MAIL,
        re.compile(r"(?i)(?<![\w.+-])[\w.+-]{1,64} ?[\[({]at[\])}] ?[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}"),
    ),
    Rule(
        IdentifierKind.WEB,
        re.compile(r"(?i)(?:\bhttps?://(?:www\.)?|\bwww\.)(?P<value>[^\s<>\"']{3,400})"),
        _is_a_page_of_somebody,
    ),
    Rule(
        IdentifierKind.WEB,
        re.compile(
            r"(?i)(?<![\w@./-])(?:[a-z0-9-]{1,40}\.){1,4}(?:com|org|net|info|me|io|health|example|co\.uk|org\.uk)/[^\s<>\"']{2,300}"
        ),
        _is_a_page_of_somebody,
    ),
    Rule(IdentifierKind.IP, re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)"), _is_an_address),
    Rule(
        IdentifierKind.IP, re.compile(r"(?<![\w:])[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){3,7}(?![\w:])"), _is_an_address
    ),
)
DIALLED = (
    Rule(IdentifierKind.FAX, re.compile(rf"(?i)\b(?:(?:tele)?fax(?:ed|es)?|facsimile)\b{_LONG}{_DIGITS}"), _is_dialled),
    Rule(
        IdentifierKind.TELEPHONE,
        re.compile(
            rf"(?i)\b(?:tele)?(?:phone|tel|mobile|mob|landline|whats ?app|pager|bleep|contact (?:no|number)|(?:his|her|my|their|'s) number)\b{_LONG}{_DIGITS}{_UNIT}"
        ),
        _is_dialled,
    ),
    Rule(
        IdentifierKind.TELEPHONE,
        re.compile(
            rf"(?i)\b(?:call|ring|text|sms|reach(?:ed|able)?|(?:his|her|my|their|pt'?s?|patient'?s?) cell|cell(?: (?:no|number)\b\.?|:)){_SHORT}{{0,4}}"
            rf"\s*[:(]?\s*{_DIGITS}{_UNIT}"
        ),
        _is_dialled,
    ),
)
BARE = (
    Rule(
        IdentifierKind.TELEPHONE,
        re.compile(rf"(?<![\w.,/-])\+\d{{1,3}}[ (.-]{{0,2}}\d[\d ().-]{{5,15}}\d(?![\d.]*\d){_UNIT}"),
    ),
    Rule(
        IdentifierKind.TELEPHONE,
        re.compile(
            rf"(?<![\w.,/+-])(?:(?:00)?1[ .-])?(?:\(\d{{3}}\) ?|\d{{3}}([ .-]))\d{{3}}(?(1)\1|[ .-])\d{{4}}(?:x\d{{1,5}})?(?![\d-]|[.,]\d){_UNIT}"
        ),
    ),
    Rule(
        IdentifierKind.TELEPHONE,
        re.compile(
            r"(?<![\w.,/+-])(?:\(?0\d{2,4}\)?[ -]?\d{3,4}[ -]?\d{3,4}|\(0\d\) ?\d{3,4}[ -]?\d{4}|0\d([ .-])\d{4}\1\d{4}|0\d(?:[ .]\d\d){4})"
            rf"(?![\d-]|[.,]\d){_UNIT}"
        ),
    ),
)
