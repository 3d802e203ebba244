"""Markdown and JUnit XML of a run: what is wrong is in both, and foreign text breaks neither."""

from xml.etree import ElementTree as xml

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as parsing
from markdown_it import MarkdownIt

from assistant.evaluation.case import Nugget
from assistant.evaluation.report.junit import junit
from assistant.evaluation.report.markdown import LISTED, markdown
from assistant.evaluation.report.wording import legible
from assistant.evaluation.verdict import failures
from tests.judged import case, quoting
from tests.reported import answered, ranked, record, right, run_of, summary, turn

WRONG = answered(of=case(id="case-2", question="Which dose?", nuggets=(Nugget("a point", (("zebra",),)),)))
LINES = (right(), WRONG, ranked(), turn())
HOSTILE = "<script>x</script> | [a](http://example.org) `c` *d* _e_ # f ]]> &amp; \x00\x08\ud800￾ www.example.org"


def rendered(text: str) -> parsing.HtmlElement:
    return parsing.document_fromstring(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def words(element: parsing.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_junit_has_a_suite_for_each_suite_and_a_case_for_each_case() -> None:
    root = xml.fromstring(junit(run_of(LINES)))
    found = [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root]
    assert found == [("suite", "2", "1"), ("retrieval", "1", "0"), ("followups", "1", "0")]
    assert (root.get("tests"), root.get("failures")) == ("4", "1")
    names = [(one.get("classname"), one.get("name")) for one in root.iter("testcase")]
    assert names == [("suite", "case-1"), ("suite", "case-2"), ("retrieval", "1"), ("followups", "1_2")]
    assert [one.get("time") for one in root[0]] == ["0.050", "0.050"]
    assert root[0].get("time") == "0.100"


def test_junit_says_what_was_asked_and_what_went_wrong() -> None:
    (failure,) = xml.fromstring(junit(run_of(LINES))).iter("failure")
    assert failure.get("message") == failures(WRONG)[0]
    assert (failure.text or "").splitlines() == ["Asked: Which dose?", *failures(WRONG)]


@given(st.text(st.characters(exclude_categories=()), min_size=1))
@example(HOSTILE)
def test_junit_can_be_read_whatever_is_in_it(text: str) -> None:
    of = case(id=text, question=text, nuggets=(Nugget(text, (("zebra",),)),))
    line = answered([quoting("Rest is advised.")], of, text)
    written = junit(run_of([line], text))
    root = xml.fromstring(written.encode())
    (failure,) = root.iter("failure")
    assert [one.get("name") for one in root.iter("testcase")] == [legible(text)]
    assert failure.get("message") == legible(failures(line)[0])
    assert (failure.text or "").split() == f"Asked: {legible(text)} {legible(' '.join(failures(line)))}".split()


def test_markdown_shows_measures_and_the_wrong_cases() -> None:
    page = rendered(markdown(run_of(LINES), {"statement_support": 0.95}))
    rows = {words(row[0]): [words(cell) for cell in row[1:]] for row in page.xpath("//tr")}
    assert rows["Statement support"] == ["0.900", "0.850 to 0.950", "10", "≥ 0.950 missed"]
    assert rows["Wrong refusal"] == ["0.200", "0.150 to 0.250", "10", ""]
    (case_item,) = page.xpath("//h3[text()='Wrong: 1']/following-sibling::ul[1]/li")
    assert words(case_item).startswith("case-2 Which dose?")
    assert [words(item) for item in case_item.xpath(".//li")] == list(failures(WRONG))
    assert "1 of 2 answered cases are right" in words(page)
    assert rows["Code digest"] == ["c0de"]


def test_markdown_lists_so_many_wrong_cases_and_counts_the_rest() -> None:
    text = markdown(run_of([WRONG] * (LISTED + 3)))
    assert text.count("- **case-2**") == LISTED
    assert "And 3 more, which are not listed." in text


def test_markdown_of_a_run_without_answers_has_its_measures() -> None:
    run = run_of([], suites=(record("suite", 7),), summaries=(summary("suite", 7, statement_support=0.9),))
    assert "| Statement support | 0.900 |" in markdown(run)


@given(st.text(st.sampled_from("ab1.)( \n\t*_`[]<>&|#~$+-=!@:/\\\"'{}^w;"), min_size=1))
@example(HOSTILE)
@example("1. one")
@example("- one")
@example("&lt;")
@example("&#42;")
def test_markdown_shows_foreign_text_as_it_is(text: str) -> None:
    of = case(id="case-2", question=f"?{text}?", must_cite=((text,),), nuggets=(Nugget(text, (("zebra",),)),))
    line = answered(of=of)
    page = rendered(markdown(run_of([line], f"={text}")))
    (item,) = page.xpath("//h3/following-sibling::ul[1]/li")
    assert words(item).startswith(" ".join(f"case-2 ?{legible(text)}?".split()))
    assert [words(one) for one in item.xpath(".//li")] == [" ".join(legible(s).split()) for s in failures(line)]
    assert words(page.find(".//h1")) == " ".join(f"Evaluation ={legible(text)}".split())
    allowed = {"html", "body", "h1", "h2", "h3", "p", "ul", "li", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    assert {element.tag for element in page.iter()} <= allowed


@pytest.mark.parametrize("write", [markdown, junit])
def test_the_same_run_gives_the_same_text(write: type[str]) -> None:
    assert write(run_of(LINES)) == write(run_of(LINES))
