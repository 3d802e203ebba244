"""Law 3: what is stated is in the span it cites; a number, unit, comparison or negation of its own is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Support
from assistant.grounding import Drafted, ground, supported
from corpus.types import Passage, Sentence

IVIG = (
    "At week 16, at least minimal improvement was reached by 79% of adults on IVIg 2 g/kg every 4 weeks "
    "and by 44% on placebo (P < .001)."
)
ALLOPURINOL = "Allopurinol should be started at 100 mg/day or less, and lower in chronic kidney disease."
FEBUXOSTAT = (
    "Cardiovascular death was higher with febuxostat than with allopurinol (hazard ratio 1.34, 95% CI 1.03–1.73)."
)
COLCHICINE = "Colchicine did not reduce mortality at 28 days in 11,340 patients admitted to hospital with COVID-19."
VANCOMYCIN = "Vancomycin 125 mg is given by mouth four times daily for 10 days in Clostridioides difficile infection."
WARFARIN = "Warfarin is not recommended in patients with a creatinine clearance below 15 mL/min."
PREDNISOLONE = "Prednisolone 12.5 to 25 mg daily is tapered to 10 mg within 4 to 8 weeks in polymyalgia rheumatica."
STATIN = "The statin lowered LDL cholesterol by 1.8 mmol/L, and two of three patients reached the target."
SPANS = (IVIG, ALLOPURINOL, FEBUXOSTAT, COLCHICINE, VANCOMYCIN, WARFARIN, PREDNISOLONE, STATIN)

ALTERED = [
    # numbers
    (IVIG, "At week 16, at least minimal improvement was reached by 97% of adults on IVIg."),
    (IVIG, "At week 12, at least minimal improvement was reached by 79% of adults on IVIg."),
    (FEBUXOSTAT, "Cardiovascular death was higher with febuxostat than with allopurinol (hazard ratio 1.43)."),
    (FEBUXOSTAT, "Cardiovascular death was higher with febuxostat (hazard ratio 134)."),
    (COLCHICINE, "Colchicine did not reduce mortality at 28 days in 1,134 patients."),
    (COLCHICINE, "Colchicine did not reduce mortality at 30 days in patients with COVID-19."),
    (PREDNISOLONE, "Prednisolone 125 mg daily is tapered to 10 mg within 4 to 8 weeks."),
    (STATIN, "The statin lowered LDL cholesterol by 18 mmol/L."),
    (STATIN, "The statin lowered LDL cholesterol, and three of four patients reached the target."),
    (STATIN, "The statin lowered LDL cholesterol by 1.8 mmol/L in five trials of patients."),
    # units
    (IVIG, "At least minimal improvement was reached on IVIg 2 mg/kg every 4 weeks."),
    (IVIG, "At least minimal improvement was reached on IVIg 2 g/day every 4 weeks."),
    (IVIG, "At least minimal improvement was reached on IVIg 2 g/kg every 4 days."),
    (ALLOPURINOL, "Allopurinol should be started at 100 mg/kg or less."),
    (ALLOPURINOL, "Allopurinol should be started at 100 mcg/day or less."),
    (ALLOPURINOL, "Allopurinol should be started at 100 g/day or less."),
    (STATIN, "The statin lowered LDL cholesterol by 1.8 mg/dL."),
    (WARFARIN, "Warfarin is not recommended in patients with a creatinine clearance below 15 mL/h."),
    # doses and how often
    (VANCOMYCIN, "Vancomycin 250 mg is given by mouth four times daily for 10 days."),
    (VANCOMYCIN, "Vancomycin 125 mg is given by mouth four times daily for 14 days."),
    (VANCOMYCIN, "Vancomycin 125 mg is given by mouth twice daily for 10 days."),
    (VANCOMYCIN, "Vancomycin 125 mg is given by mouth four times weekly for 10 days."),
    (PREDNISOLONE, "Prednisolone 12.5 to 25 mg daily is tapered to 10 mg within 4 to 8 months."),
    # comparisons
    (FEBUXOSTAT, "Cardiovascular death was lower with febuxostat than with allopurinol."),
    (FEBUXOSTAT, "Cardiovascular death was similar with febuxostat and with allopurinol."),
    (STATIN, "The statin raised LDL cholesterol by 1.8 mmol/L."),
    (WARFARIN, "Warfarin is not recommended in patients with a creatinine clearance above 15 mL/min."),
    (IVIG, "At week 16, at most minimal improvement was reached by 79% of adults on IVIg."),
    (IVIG, "At least minimal improvement was reached by 79% on IVIg and by 44% on placebo (P > .001)."),
    (ALLOPURINOL, "Allopurinol should be started at 100 mg/day or more."),
    # negations
    (COLCHICINE, "Colchicine did reduce mortality at 28 days in patients with COVID-19."),
    (COLCHICINE, "Colchicine reduced mortality at 28 days in patients admitted to hospital."),
    (WARFARIN, "Warfarin is recommended in patients with a creatinine clearance below 15 mL/min."),
    (ALLOPURINOL, "Allopurinol should not be started at 100 mg/day or less."),
    (ALLOPURINOL, "Allopurinol shouldn't be started at 100 mg/day or less."),
    (ALLOPURINOL, "Allopurinol cannot be started at 100 mg/day or less."),
    (VANCOMYCIN, "Vancomycin is never given by mouth in Clostridioides difficile infection."),
    # another subject
    (ALLOPURINOL, "Rituximab depletes B cells in refractory dermatomyositis."),
]

KEPT = [
    (IVIG, "At week 16, at least minimal improvement was reached by 79% of adults on IVIg."),
    (IVIG, "IVIg 2 g/kg every 4 weeks: at least minimal improvement in 79% of adults."),
    (ALLOPURINOL, "Allopurinol should be started at 100 mg/day or less."),
    (FEBUXOSTAT, "Febuxostat: higher cardiovascular death than with allopurinol (hazard ratio 1.34)."),
    (COLCHICINE, "Colchicine did not reduce mortality in 11340 patients with COVID-19."),
    (VANCOMYCIN, "Vancomycin 125 mg four times daily for 10 days in Clostridioides difficile infection."),
    (WARFARIN, "Warfarin is not recommended below a creatinine clearance of 15 mL/min."),
    (PREDNISOLONE, "Prednisolone is tapered to 10 mg within 4 to 8 weeks."),
    (STATIN, "Two of three patients reached the target with the statin."),
]


@pytest.mark.parametrize(("span", "statement"), ALTERED)
def test_altered(span: str, statement: str) -> None:
    assert not supported(statement, span)


@pytest.mark.parametrize(("span", "statement"), [*KEPT, *((span, span) for span in SPANS)])
def test_kept(span: str, statement: str) -> None:
    assert supported(statement, span)


def passage_of(*sentences: str, start: int = 7) -> Passage:
    """One passage of the sentences, standing at an offset of its document."""
    text, spans, at = " ".join(sentences), [], start
    for sentence in sentences:
        spans.append(Sentence(at, at + len(sentence)))
        at += len(sentence) + 1
    return Passage(f"d#{start}-{start + len(text)}", "d", ("S",), text, start, start + len(text), tuple(spans))


def drafted(passage: Passage, number: int, text: str | None = None) -> Drafted:
    sentence = passage.sentences[number]
    return Drafted(
        passage.quote(sentence.start, sentence.end) if text is None else text, passage.id, sentence.start, sentence.end
    )


def test_what_stands_leaves_in_order_and_says_how_it_is_supported() -> None:
    passage = passage_of(ALLOPURINOL, FEBUXOSTAT, COLCHICINE)
    kept = ground(
        (
            drafted(passage, 2),
            drafted(passage, 1, ALTERED[2][1]),
            drafted(passage, 0, "Allopurinol should be started at 100 mg/day or less."),
        ),
        {passage.id: passage},
    )
    assert [(one.text, one.supports) for one in kept] == [
        (COLCHICINE, Support.VERBATIM),
        ("Allopurinol should be started at 100 mg/day or less.", Support.CHECKED),
    ]
    assert [passage.quote(one.start, one.end) for one in kept] == [COLCHICINE, ALLOPURINOL]


def test_a_span_outside_its_passage_and_an_unknown_passage_are_cut() -> None:
    passage = passage_of(ALLOPURINOL, FEBUXOSTAT)
    first = drafted(passage, 0)
    outside = [
        Drafted(first.text, first.passage_id, start, end)
        for start, end in ((0, 5), (passage.start, passage.end + 1), (passage.end, passage.end), (20, 10))
    ]
    unknown = Drafted(first.text, "other#0-5", first.start, first.end)
    assert ground((*outside, unknown), {passage.id: passage}) == ()


@given(st.sampled_from(SPANS), st.integers(13, 99_999), st.sampled_from(["{} {}", "{1} {0}", "{} ({} mg)"]))
def test_a_number_the_span_does_not_hold_is_cut_wherever_it_stands(span: str, number: int, form: str) -> None:
    held = str(number) in span.replace(",", "")
    assert held or not supported(form.format(span, number), span)


@given(st.sampled_from(SPANS), st.sampled_from(SPANS))
def test_a_span_supports_itself_and_no_other_drug(statement: str, span: str) -> None:
    assert supported(statement, span) == (statement == span)
