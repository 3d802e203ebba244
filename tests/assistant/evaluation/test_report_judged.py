"""A language model's judgements on the page of a run: advice by name, and nothing where there are none."""

from msgspec.structs import replace

from assistant.evaluation.judgements import Conveyed, Judgement, Judgements, JudgeRecord, Supported
from assistant.evaluation.report.page import html
from tests.assistant.evaluation.test_report_page import HOSTILE, cases, parsed, words
from tests.model import LINES
from tests.reported import run_of

PROMPTS = {"statement": "5ee0d1", "points": "9a6c4f"}
RECORD = JudgeRecord("2026-01-02T03:04:05+00:00", "sequitur 0", "judge-model", "http://h:8000", PROMPTS, "d16e57")
JUDGED = Judgements(
    RECORD,
    (
        Judgement("suite", "right", (Supported.NO,), (Conveyed.YES, Conveyed.PARTLY, None), ("why not",), "model-2026"),
        Judgement("suite", "wrong", (Supported.YES, None), ()),
    ),
)
RUN = run_of(LINES)


def test_a_run_without_judgements_says_nothing_of_them() -> None:
    page = parsed(html(RUN))
    assert "advisory" not in words(page.xpath("//main")[0]).lower()
    assert page.xpath("//*[@id='judge'] | //*[@class='advisory']") == []


def test_model_server_prompts_and_time_are_told() -> None:
    (section,) = parsed(html(RUN, judgements=JUDGED)).xpath("//section[@aria-labelledby='judge']")
    assert words(section.find("h2")) == "Opinion of a language model (advisory)"
    facts = {words(one.find("dt")): words(one.find("dd")) for one in section.xpath(".//dl/div")}
    assert facts == {
        "Model": "judge-model", "Called by its server": "model-2026", "Server": "http://h:8000",
        "Prompt: statement": "5ee0d1", "Prompt: points": "9a6c4f", "Judged": "2026-01-02 03:04 UTC",
        "Program": "sequitur 0",
    }  # fmt: skip


def test_agreement_is_one_small_table() -> None:
    (table,) = parsed(html(RUN, judgements=JUDGED)).xpath("//section[@aria-labelledby='judge']//table")
    rows = [[words(cell) for cell in row] for row in table.xpath("./tbody/tr")]
    # By hand: the check says yes, yes, no of the statements, and yes, no, no of the nuggets.
    assert rows == [
        ["Statement supported", "0.500", "0.000", "1", "0", "1", "0", "1"],
        ["Point conveyed", "1.000", "1.000", "1", "0", "0", "1", "1"],
    ]


def test_each_case_shows_what_was_said_of_it_as_advice() -> None:
    shown = {words(one.xpath(".//*[@class='id']")[0]): one for one in cases(parsed(html(RUN, judgements=JUDGED)))[:3]}
    said = {name: [words(one) for one in case.xpath(".//*[@class='advisory']")] for name, case in shown.items()}
    begin = "Language model (advisory): "
    assert said["refused"] == []
    assert said["wrong"] == [f"{begin}supported", f"{begin}no judgement"]
    points = [f"{begin}{what}" for what in ("conveyed", "partly conveyed", "no judgement")]
    assert said["right"] == [f"{begin}not supported", *points, "why not"]


def test_verdicts_are_the_same_with_and_without() -> None:
    plain, advised = (cases(parsed(html(RUN, judgements=one))) for one in (None, JUDGED))
    for before, after in zip(plain, advised, strict=True):
        assert before.get("data-verdict") == after.get("data-verdict")
        assert words(before.find("summary")) == words(after.find("summary"))


def test_the_same_judgements_give_the_same_bytes() -> None:
    assert html(RUN, judgements=JUDGED) == html(RUN, judgements=JUDGED)


def test_what_a_server_calls_its_model_never_becomes_markup() -> None:
    record = replace(RECORD, model=HOSTILE, server=HOSTILE, prompts={HOSTILE: HOSTILE}, created=HOSTILE)
    hostile = [replace(one, answered_by=HOSTILE, missing=(HOSTILE,)) for one in JUDGED.judgements]
    page = parsed(html(RUN, judgements=Judgements(record, tuple(hostile))))
    assert len(page.xpath("//script")) == 1
    assert page.xpath("//img | //@onerror | //@src") == []
    assert words(page).count(HOSTILE) >= 7
