"""Identifiers of published works, checked and normalised, and the document ids made of them."""

import re

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DIGITS = re.compile(r"\d{1,10}")


def doi_in(text: str) -> str:
    """The DOI written in a string (with or without a `doi:` or resolver prefix), or ""."""
    found = _DOI.search(text)
    return found.group().rstrip(".,;") if found else ""


def pmid_in(text: str) -> str:
    """The PMID a string consists of (a prefix such as `PMID:` is allowed), or ""."""
    digits = re.sub(r"(?i)^\s*pmid:?\s*", "", text).strip()
    return digits if _DIGITS.fullmatch(digits) else ""


def pmcid_in(text: str) -> str:
    """The PMCID as `PMC<digits>`, or ""."""
    digits = re.sub(r"(?i)^\s*(?:pmcid:?\s*)?(?:pmc)?", "", text).strip().partition(".")[0]
    return f"PMC{digits}" if _DIGITS.fullmatch(digits) else ""


def identify(doi: str, pmid: str, pmcid: str, key: str) -> str:
    """The document id of a work: PMCID, else PMID, else DOI, else the citing document's own key ("" for none)."""
    if pmcid:
        return pmcid
    if pmid:
        return f"PMID:{pmid}"
    if doi:
        return f"DOI:{doi.lower()}"
    return f"REF:{key}" if key else ""
