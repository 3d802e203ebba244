"""What a question asks for, what a sentence holds, and what a section is for: tables worked by hand."""

import pytest

from assistant.candidate import Role, section_role
from assistant.intent import DIRECTION, LEANS_BACK, STATISTICS, Sign, asked, held

EVERY = tuple(Sign)
ASKED = [
    ("What dose of IVIg is used?", "DOSE"),
    ("How much prednisone?", "DOSE"),
    ("How is vancomycin given?", "DOSE"),
    ("How long is it continued?", "DURATION"),
    ("How often is urate measured?", "DURATION MONITORING"),
    ("How many patients were enrolled?", "QUANTITY DESIGN"),
    ("What is the incidence?", "QUANTITY"),
    ("Is apixaban safe in pregnancy?", "SAFETY POPULATION"),
    ("What are the side effects of colchicine?", "SAFETY"),
    ("Does it reduce mortality?", "EFFECT"),
    ("Apixaban versus warfarin?", "EFFECT"),
    ("What is first-line?", "RECOMMENDATION"),
    ("What does the guideline recommend?", "RECOMMENDATION"),
    ("How is PMR diagnosed?", "DIAGNOSIS"),
    ("Which antibodies are tested?", "DIAGNOSIS"),
    ("How is treatment monitored?", "MONITORING RECOMMENDATION"),
    ("And in children?", "POPULATION"),
    ("What remains uncertain?", "UNCERTAINTY"),
    ("Was the trial randomized by design?", "DESIGN"),
]


@pytest.mark.parametrize(("question", "signs"), ASKED)
def test_asked(question: str, signs: str) -> None:
    assert {Sign[sign] for sign in signs.split()} <= asked(question)


@pytest.mark.parametrize("question", ["Why?", "yes", "Tell me more", "And then?", "xyzzy"])
def test_a_question_that_does_not_say_asks_for_no_kind(question: str) -> None:
    assert asked(question) == frozenset()


HELD = [
    ("Allopurinol 100 mg/day is the starting dose.", "DOSE", "DURATION SAFETY"),
    ("IVIg 2 g/kg every 4 weeks was given.", "DOSE DURATION", "SAFETY"),
    ("It is taken twice a day.", "DOSE", "QUANTITY"),
    ("Treatment lasted six months.", "DURATION", "DOSE"),
    ("Improvement was reached by 79%.", "QUANTITY EFFECT", "DOSE"),
    ("Bleeding was more frequent.", "SAFETY", "DOSE DURATION"),
    ("The guideline recommends colchicine.", "RECOMMENDATION", "DOSE"),
    ("A temporal artery biopsy confirms it.", "DIAGNOSIS", "DOSE"),
    ("Serum urate is measured.", "MONITORING", "DOSE"),
    ("It was studied in adults aged 60 or older.", "POPULATION", "DOSE"),
    ("The effect on survival is unknown.", "UNCERTAINTY", "DOSE"),
    ("It was a randomized, double-blind trial.", "DESIGN", "DOSE"),
]


@pytest.mark.parametrize(("sentence", "there", "absent"), HELD)
def test_held(sentence: str, there: str, absent: str) -> None:
    found = held(sentence, EVERY)
    assert {Sign[sign] for sign in there.split()} <= found
    assert not {Sign[sign] for sign in absent.split()} & found


def test_only_what_is_wanted_is_held() -> None:
    sentence = "IVIg 2 g/kg every 4 weeks improved 79% of adults."
    assert held(sentence, ()) == frozenset()
    assert all(held(sentence, (sign,)) == held(sentence, EVERY) & {sign} for sign in Sign)


LEANING = (
    "This was | These effects | It is | They are | However, it | Therefore the | In contrast, | The latter | Also, "
)
STANDING = "Thistle is | Italy has | Theophylline is | Allopurinol is | The trial was | Itraconazole | Alsoproline "


@pytest.mark.parametrize(
    ("text", "leans"),
    [*((one.strip(), True) for one in LEANING.split("|")), *((one.strip(), False) for one in STANDING.split("|"))],
)
def test_leaning_on_the_sentence_before(text: str, leans: bool) -> None:
    assert bool(LEANS_BACK.match(text)) == leans


@pytest.mark.parametrize(
    ("text", "statistics", "direction"),
    [
        ("Pain fell (P = 0.03).", True, False),
        ("HR was lower (95% CI 0.8 to 0.9).", True, True),
        ("There was no difference.", False, True),
        ("Mean age was 61 ± 8 years.", True, False),
        ("Febuxostat was given.", False, False),
    ],
)
def test_signs_of_a_result(text: str, statistics: bool, direction: bool) -> None:
    assert (bool(STATISTICS.search(text)), bool(DIRECTION.search(text))) == (statistics, direction)


ROLES = [
    (("Abstract", "Results"), Role.ABSTRACT_RESULTS),
    (("Abstract", "Findings"), Role.ABSTRACT_RESULTS),
    (("Abstract", "Conclusions"), Role.ABSTRACT_CONCLUSION),
    (("Abstract", "Interpretation"), Role.ABSTRACT_CONCLUSION),
    (("Abstract", "Methods"), Role.ABSTRACT),
    (("Abstract",), Role.ABSTRACT),
    (("ABSTRACT", "BACKGROUND"), Role.ABSTRACT),
    (("Introduction",), Role.INTRODUCTION),
    (("Background",), Role.INTRODUCTION),
    (("Methods", "Participants"), Role.METHODS),
    (("Materials and Methods",), Role.METHODS),
    (("Statistical analysis",), Role.METHODS),
    (("Results", "Primary outcome"), Role.RESULTS),
    (("Discussion", "Limitations"), Role.DISCUSSION),
    (("Conclusion",), Role.CONCLUSION),
    (("First-Line Treatment", "Allopurinol"), Role.BODY),
    (("Monitoring",), Role.BODY),
    ((), Role.BODY),
]


@pytest.mark.parametrize(("path", "role"), ROLES)
def test_section_role(path: tuple[str, ...], role: Role) -> None:
    assert section_role(path, False) is role
    assert section_role(path, True) is Role.TABLE
