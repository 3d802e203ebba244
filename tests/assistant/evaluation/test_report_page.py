"""The page of a run: whole, self-contained, the same every time; foreign text in it is text, whatever it says."""

import base64
import hashlib
import re
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parsing
from msgspec.structs import replace

from assistant.evaluation.case import Fact, Nugget
from assistant.evaluation.record import Bin, Line, Point, Summary
from assistant.evaluation.report.cases import WORST
from assistant.evaluation.report.page import html
from assistant.evaluation.run_folder import Run
from assistant.evaluation.told import ToldSource
from assistant.evaluation.verdict import failures
from assistant.policy import disclaimer
from tests.judged import Cite, case
from tests.reported import answered, ranked, record, retold, right, run_of, summary, turn

TARGETS = {"statement_support": 0.95, "wrong_refusal": 0.25}
WRONG = answered(of=case(id="case-2", nuggets=(Nugget("a point", (("zebra",),)),), tags=("topic:gout", "dose")))
LINES: tuple[Line, ...] = (right(case(tags=("topic:gout",))), WRONG, ranked(), turn())
HOSTILE = (
    "<script>alert(1)</script> \"'><img src=http://example.org/x onerror=alert(2)> {{ 7 * 7 }} {% x %} $\\frac{ &amp;"
)


def parsed(page: str) -> parsing.HtmlElement:
    return parsing.document_fromstring(page)


def words(element: parsing.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def cases(page: parsing.HtmlElement) -> list[parsing.HtmlElement]:
    return list(page.xpath("//details[contains(concat(' ', @class, ' '), ' case ')]"))


@pytest.fixture(scope="module")
def page() -> parsing.HtmlElement:
    earlier = run_of(LINES, "run-0", "2026-01-01T00:00:00+00:00")
    return parsed(html(run_of(LINES), [earlier], TARGETS))


def test_every_case_can_be_opened_the_wrong_ones_first(page: parsing.HtmlElement) -> None:
    shown = [words(one.find("summary")) for one in cases(page)]
    assert [re.findall("Wrong|Right", one)[:1] for one in shown] == [["Wrong"], ["Right"], [], []]
    assert ["case-2" in shown[0], "case-1" in shown[1], "query 1" in shown[2], "Is it cured?" in shown[3]] == [True] * 4


def test_what_is_wrong_stands_there_in_the_words_of_the_verdict(page: parsing.HtmlElement) -> None:
    (wrong, fine) = cases(page)[:2]
    assert [words(item) for item in wrong.xpath(".//*[@class='failures']/li")] == list(failures(WRONG))
    assert fine.xpath(".//*[@class='failures']") == []


def test_ids_are_unique_and_what_is_pointed_at_is_there(page: parsing.HtmlElement) -> None:
    ids = Counter(page.xpath("//@id"))
    assert ids.most_common(1)[0][1] == 1
    pointed = [one[1:] for one in page.xpath("//@href") if one.startswith("#")]
    pointed += [name for named in page.xpath("//@aria-labelledby") for name in named.split()]
    pointed += re.findall(r"url\(#([^)]+)\)", " ".join(page.xpath("//@clip-path")))
    assert len(pointed) > 20
    assert set(pointed) <= set(ids)


def test_nothing_is_loaded_from_anywhere(page: parsing.HtmlElement) -> None:
    assert (
        page.xpath("//@src | //link | //iframe | //object | //embed | //base | //style[contains(., '@import')]") == []
    )
    assert "url(" not in words(page.xpath("//style")[0])
    outside = page.xpath("//*[starts-with(@href, 'http')]")
    assert all(one.tag == "a" and one.get("rel") == "noreferrer" for one in outside)
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")
    (script,) = page.xpath("//script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy


def test_sources_with_an_identifier_are_linked_and_others_are_not() -> None:
    sources = [("PMID:90000001", "current"), ("DOI:10.5555/a<b>?#c", "corrected"), ("javascript:alert(1)", "current")]
    told = tuple(
        ToldSource(n, name, "T", 2020, "rct", "approved", status) for n, (name, status) in enumerate(sources, 1)
    )
    shown = parsed(html(run_of([retold(right(), sources=told)])))
    links = shown.xpath("//ol[@class='sources']//a[@rel='noreferrer']/@href")
    assert links == ["https://pubmed.ncbi.nlm.nih.gov/90000001/", "https://doi.org/10.5555/a%3Cb%3E%3F%23c"]
    assert "randomized trial 2020; review: approved; corrected" in words(shown.xpath("//ol[@class='sources']")[0])


def test_headings_step_down_one_level_at_a_time_and_landmarks_are_there(page: parsing.HtmlElement) -> None:
    levels = [int(one.tag[1]) for one in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(len(page.xpath(f"//{name}")) == 1 for name in ("header", "nav", "main", "footer"))
    assert page.get("lang") == "en"
    assert len(page.xpath("//table")) == len(page.xpath("//table/caption"))


def test_plots_say_in_words_what_they_show(page: parsing.HtmlElement) -> None:
    told = {words(one.find("title")): words(one.find("desc")) for one in page.xpath("//section[1]//svg[@role='img']")}
    assert list(told) == ["Risk and coverage", "Reliability", "Cases right by topic", "History", "Latency"]
    assert told["Risk and coverage"].startswith(
        "When 100% of the questions are answered, 20.0% of the answers are wrong."
    )
    assert told["Reliability"].startswith("sure 55%, right 100% of 3; sure 85%, right 70% of 7.")
    assert told["Cases right by topic"] == "gout: 1 of 2."
    assert told["Latency"] == "50% within 50 ms; 95% within 50 ms; the longest took 50 ms."
    assert told["History"].startswith("2 runs. Statement support: 0.900 at first, 0.900 at last")


def test_a_target_is_met_or_missed_in_words_whichever_way_is_better(page: parsing.HtmlElement) -> None:
    rows = {
        one.find("th").text.strip(): words(one) for one in page.xpath("//section[1]//table[@role='table']/tbody/tr")
    }
    assert "≥ 0.950 missed" in rows["Statement support"]
    assert "≤ 0.250 met" in rows["Wrong refusal"]
    assert "0.850 to 0.950" in rows["Statement support"]
    assert "Target missed: Statement support 0.900 (≥ 0.950)" in words(page.xpath("//nav")[0])


def test_the_run_is_told_in_sentences_with_what_it_was_made_with(page: parsing.HtmlElement) -> None:
    head = words(page.xpath("//header")[0])
    assert "1 of 2 answered cases are right in everything that is checked (50.0%)." in head
    assert "1 of 1 statements are supported by what they cite (100.0%)." in head
    assert "Of 2 to be answered, 1 were refused (50.0%)." in head
    assert "1 queries were searched. 1 follow-up turns were read." in head
    assert all(what in head for what in ("2026-01-02 03:04 UTC", "c0de", "encoder@1", "words", "submitted"))
    assert all(what in words(page.xpath("//section[1]")[0]) for what in ("c0ffee", "5a4b", "d16e57"))
    assert " ".join(disclaimer().text.split()) in words(page.xpath("//footer")[0])


def test_history_is_of_the_same_suite_file_over_the_same_corpus() -> None:
    now, lines = run_of([right()]), [right()]
    others = [
        run_of(lines, "same", "2026-01-01T00:00:00+00:00"),
        run_of(lines, "corpus", suites=(record("suite", 1, corpus="other"),)),
        run_of(lines, "file", suites=(record("suite", 1, digest="other"),)),
        run_of([right(suite="another")], "another"),
        now,
    ]
    page = parsed(html(now, others))
    (table,) = page.xpath("//details[summary='Run history']//table/tbody")
    assert [words(row.find("th")) for row in table] == ["same", "run-1"]
    assert "2 other runs of a suite of this name are not shown" in words(page)
    assert parsed(html(now)).xpath("//details[summary='Run history']") == []


HOSTILE_CASE = case(
    id=HOSTILE,
    question=HOSTILE,
    history=(HOSTILE,),
    article=HOSTILE,
    tags=(HOSTILE, f"topic:{HOSTILE}"),
    nuggets=(Nugget(HOSTILE, (("zebra",),)),),
    forbidden=(Fact(HOSTILE, (("script",),)),),
    must_cite=((HOSTILE,),),
    must_not_cite=("x" + HOSTILE,),
)


def hostile_run() -> Run:
    source = ToldSource(1, HOSTILE, HOSTILE, 2020, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    line = answered([(HOSTILE, (Cite(HOSTILE, f"{HOSTILE}.", source=HOSTILE),))], HOSTILE_CASE, HOSTILE)
    told = retold(line, sources=(source,), read_as=HOSTILE, message=HOSTILE, caution=HOSTILE, disclaimer=HOSTILE)
    others = (replace(ranked(HOSTILE), suite=HOSTILE), replace(turn(HOSTILE), suite=HOSTILE, tags=(HOSTILE,)))
    earlier = {HOSTILE: 0.5}
    return run_of([told, *others], HOSTILE, measures=earlier, configuration={HOSTILE: HOSTILE})


def test_foreign_text_never_becomes_markup_nor_a_formula_nor_a_template() -> None:
    run = hostile_run()
    before = replace(run.provenance, created="2026-01-01T00:00:00+00:00")
    page = parsed(html(run, [Run("0" + HOSTILE, before, (), (), run.summaries)], {HOSTILE: 1.0}))
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//img | //@onerror | //@src") == []
    assert words(page.find(".//h1")) == HOSTILE
    assert words(page).count(HOSTILE) > 20
    assert "49" not in words(page.find(".//h1"))
    assert any("<script>" in words(one) for one in page.xpath("//svg//text"))


@settings(max_examples=10, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_question_is_shown_and_leaves_the_page_whole(text: str) -> None:
    run = run_of([right(case(question=text)), WRONG])
    page = html(run_of(run.lines, summaries=()))
    page.encode()
    shown = parsed(page)
    assert len(cases(shown)) == 2
    assert len(shown.xpath("//footer")) == 1
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202e\ud800-\udfff]", page)


@pytest.mark.filterwarnings("error")
def test_names_in_any_script_are_plotted() -> None:
    page = html(run_of([right(case(tags=("topic:痛風\u202eنقرس\x07", "topic:$\\alpha$")))]))
    assert {"痛風�نقرس�", "$\\alpha$"} <= {words(one) for one in parsed(page).xpath("//svg//text")}


def test_the_same_run_gives_the_same_bytes() -> None:
    earlier = run_of(LINES, "run-0", "2026-01-01T00:00:00+00:00")
    assert html(run_of(LINES), [earlier], TARGETS) == html(run_of(LINES), [earlier], TARGETS)


def test_of_many_queries_the_worst_are_listed_and_the_page_says_so() -> None:
    good = [ranked(f"good-{n}", ("D:2",)) for n in range(WORST)]
    bad = [ranked(f"bad-{n}", ("D:9",)) for n in range(3)]
    page = parsed(html(run_of([*good, *bad])))
    shown = [words(one.find("summary")) for one in cases(page)]
    assert len(shown) == WORST
    assert shown[:4] == [*(f"bad-{n} query bad-{n}" for n in range(3)), "good-0 query good-0"]
    assert f"The {WORST} worst of {WORST + 3}" in words(page)
    first = words(cases(page)[0])
    assert "D:2, grade 1: not found" in first


def test_a_run_without_answers_still_shows_its_measures() -> None:
    run = run_of([], suites=(record("suite", 7),), summaries=(summary("suite", 7, statement_support=0.9),))
    page = parsed(html(run))
    assert "7 cases. The answers of this run were not kept, only its measures." in words(page.xpath("//header")[0])
    assert cases(page) == []
    assert "Statement support" in words(page.xpath("//main")[0])


def test_a_suite_with_nothing_to_plot_has_no_plots() -> None:
    run = run_of(
        [], suites=(record("suite", 0),), summaries=(Summary("suite", 0, {}, reliability=(Bin(0, 1, 0, 0, 0),)),)
    )
    assert parsed(html(run)).xpath("//svg | //figure") == []


def test_a_measure_that_is_not_known_is_shown_as_it_is() -> None:
    page = parsed(html(run_of([right()], measures={"of_an_older_program": 0.5})))
    assert "of_an_older_program" in [words(one) for one in page.xpath("//tbody//th")]


def test_one_point_alone_is_plotted() -> None:
    one = replace(summary("suite", 1), risk_coverage=(Point(1.0, 0.0),), reliability=(Bin(0.9, 1.0, 1, 1.0, 1.0),))
    titles = parsed(html(run_of([right()], summaries=(one,)))).xpath("//svg/title/text()")
    assert titles == ["Risk and coverage", "Reliability", "Latency"]


def test_colours_are_the_pages_own_so_that_dark_pages_are_readable(page: parsing.HtmlElement) -> None:
    drawn = " ".join(page.xpath("//svg[@role='img']//@style"))
    assert re.findall(r"(?:fill|stroke): #\w+", drawn) == []
    used = set(re.findall(r"var\((--[\w-]+)\)", drawn))
    style = page.xpath("//style")[0].text
    assert used
    assert all(style.count(f"{name}:") == 3 for name in used)


def luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_its_ground_in_light_and_dark_and_print(page: parsing.HtmlElement) -> None:
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5."""
    blocks = re.findall(r":root \{(.*?)\}", page.xpath("//style")[0].text, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        colors = {name: luminance(value) for name, value in re.findall(r"--([\w-]+): (#\w{6});", block)}
        grounds = [colors[name] for name in ("paper", "panel", "bad-panel", "good-panel")]
        for name in ("ink", "muted", "accent", "good", "bad"):
            for ground in grounds:
                lighter, darker = sorted((colors[name], ground), reverse=True)
                assert (lighter + 0.05) / (darker + 0.05) >= 4.5, name
