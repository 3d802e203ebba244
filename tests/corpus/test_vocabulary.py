"""Abbreviations, brands and synonyms are found, mean the right thing, and nothing else is found."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.abbreviations import Definition, definitions
from corpus.errors import HostileSource, UnreadableSource
from corpus.lexicons import CURATED, Lexicon, read_curated, unpickle
from corpus.vocabulary import Concept, Vocabulary
from corpus.vocabulary_build import build_vocabulary
from corpus.words import Key, plain_key

ARTICLES = Path(__file__).parents[2] / "corpus" / "articles"


@pytest.fixture(scope="module")
def starter() -> Vocabulary:
    return build_vocabulary(path.read_text("utf-8") for path in sorted(ARTICLES.glob("*.md")))


def meanings(vocabulary: Vocabulary, text: str) -> list[set[Key]]:
    """The concepts of each mention, by their names without case and plural."""
    return [{plain_key(concept.name) for concept in m.concepts} for m in vocabulary.mentions(text)]


def keys(*names: str) -> set[Key]:
    return set(map(plain_key, names))


def test_an_abbreviation_is_told_with_its_meaning_when_it_has_one() -> None:
    forms = {
        "methotrexate": ("MTX", "methotrexate"),
        "intravenous immunoglobulin": ("IVIg",),
        "multiple sclerosis": ("MS",),
        "mitral stenosis": ("MS",),
        "DNA": ("DNA",),
    }
    vocabulary = Vocabulary(Concept(name, each) for name, each in forms.items())
    told = list(vocabulary.abbreviations("IVIg, then MTX: Methotrexate in MS, or DNA? MTX."))
    mtx = ("MTX", "methotrexate")
    assert told == [("IVIg", "intravenous immunoglobulin"), mtx, mtx]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("IVIG", "intravenous immunoglobulin"),
        ("IVIg", "intravenous immunoglobulin"),
        ("ivig", "intravenous immunoglobulin"),
        ("Octagam", "intravenous immunoglobulin"),
        ("MTX", "methotrexate"),
        ("mtx", "methotrexate"),
        ("RTX", "rituximab"),
        ("Rituxan", "rituximab"),
        ("mabthera", "rituximab"),
        ("Eliquis", "apixaban"),
        ("COUMADIN", "warfarin"),
        ("ILD", "interstitial lung disease"),
        ("interstitial pneumonitis", "interstitial lung disease"),
        ("IBM", "inclusion body myositis"),
        ("SGLT2i", "SGLT2 inhibitor"),
        ("SGLT-2 inhibitors", "SGLT2 inhibitor"),
        ("GLP-1 RA", "GLP-1 receptor agonist"),
        ("GLP1RA", "GLP-1 receptor agonist"),
        ("AF", "atrial fibrillation"),
        ("AFib", "atrial fibrillation"),
        ("NOACs", "direct oral anticoagulant"),
        ("Entresto", "angiotensin-neprilysin inhibition"),
        ("sacubitril/valsartan", "angiotensin-neprilysin inhibition"),
        ("HFrEF", "heart failure with reduced ejection fraction"),
        ("T2DM", "type 2 diabetes"),
        ("Farxiga", "dapagliflozin"),
        ("CKD", "chronic kidney disease"),
        ("AECOPD", "COPD exacerbation"),
        ("CAP", "community-acquired pneumonia"),
        ("C. diff", "Clostridioides difficile"),
        ("FMT", "fecal microbiota transplantation"),
        ("faecal microbiota transplantation", "fecal microbiota transplantation"),
        ("Zinplava", "bezlotoxumab"),
        ("MDD", "major depressive disorder"),
        ("cognitive behavioural therapy", "cognitive behavioral therapy"),
        ("HTN", "hypertension"),
        ("Uloric", "febuxostat"),
        ("Adenuric", "febuxostat"),
        ("Actemra", "tocilizumab"),
        ("Aimovig", "erenumab"),
        ("blood thinners", "anticoagulant"),
        ("water pill", "diuretic"),
        ("heart attack", "myocardial infarction"),
        ("flu", "influenza"),
    ],
)
def test_a_clinicians_word_means_what_the_starter_articles_write(starter: Vocabulary, form: str, name: str) -> None:
    assert meanings(starter, form) == [keys(name)]


def test_an_ambiguous_abbreviation_lists_its_meanings_and_keeps_its_span(starter: Vocabulary) -> None:
    question = "IVIG in DM-ILD?"
    assert [question[m.start : m.end] for m in starter.mentions(question)] == ["IVIG", "DM", "ILD"]
    assert meanings(starter, "DM") == [keys("diabetes", "dermatomyositis")]


def test_the_longest_form_wins(starter: Vocabulary) -> None:
    text = "heart failure with reduced ejection fraction in type 2 diabetes mellitus"
    assert meanings(starter, text) == [
        keys("heart failure with reduced ejection fraction"),
        keys("type 2 diabetes"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "all patients lead a better life",
        "who took gold, water, ice, air and a label",
        "we did pe in class",
        "a cap and a cold, at 10 pm",
        "ra ra ra",
        "MTXyl and preMTX",
        "aids for hearing",
        "DM1",
        "IVIG2",
        "type 2. diabetic",
        "",
    ],
)
def test_ordinary_words_are_not_terms(starter: Vocabulary, text: str) -> None:
    assert starter.mentions(text) == ()


def test_every_concept_has_a_form_in_the_texts() -> None:
    lexicon = Lexicon({"gout": ("podagra",), "asthma": ("reactive airway disease",)}, {}, frozenset())
    vocabulary = build_vocabulary(["Podagra is old."], lexicon)
    assert vocabulary.concepts == (Concept("podagra", ("gout", "podagra")),)


def test_a_meaning_absent_from_the_texts_is_not_offered() -> None:
    lexicon = Lexicon({"rheumatoid arthritis": ("RA",), "right atrium": ("RA",)}, {}, frozenset())
    vocabulary = build_vocabulary(["RA, that is rheumatoid arthritis, and RA."], lexicon)
    assert meanings(vocabulary, "RA") == [keys("rheumatoid arthritis")]


def test_a_plural_abbreviation_is_no_name() -> None:
    lexicon = Lexicon({"right atrium": ("RA",)}, {}, frozenset())
    vocabulary = build_vocabulary(["RAs and RAs; a right atrium."], lexicon)
    assert vocabulary.concepts == (Concept("right atrium", ("RA", "right atrium")),)


def test_a_definition_in_the_texts_adds_its_abbreviation() -> None:
    shipped = {"Lung Diseases, Interstitial": ("interstitial lung disease",)}
    lexicon = Lexicon({}, shipped, everyday=frozenset({"care"}))
    texts = ["Interstitial lung disease (ILD) and coordinated arthritis rehabilitation (CARE) exist."]
    vocabulary = build_vocabulary(texts, lexicon)
    assert meanings(vocabulary, "ILD") == [keys("interstitial lung disease")]
    assert meanings(vocabulary, "CARE") == [keys("coordinated arthritis rehabilitation")]
    assert meanings(vocabulary, "care") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with interstitial lung disease (ILD).", [("ILD", "interstitial lung disease")]),
        ("a hazard ratio [HR] 0.8", [("HR", "hazard ratio")]),
        ("relative risk (RR, 2.21)", [("RR", "relative risk")]),
        ("direct oral anticoagulants (DOACs)", [("DOACs", "direct oral anticoagulants")]),
        ("estimated glomerular filtration rate (eGFR)", [("eGFR", "estimated glomerular filtration rate")]),
        ("VTE (venous thromboembolism) is", [("VTE", "venous thromboembolism")]),
        ("Heat shock protein. Tumor necrosis factor (TNF)", [("TNF", "Tumor necrosis factor")]),
        ("the control group (placebo)", []),
        ("(95% CI 0.5 to 1.2)", []),
        ("something else entirely (XYZ)", []),
        ("(ILD)", []),
        ("unbalanced (ILD", []),
    ],
)
def test_definitions_of_schwartz_and_hearst(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(definitions(text)) == [Definition(short, long) for short, long in expected]


class _Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("code of a pickle ran",))


def test_a_pickle_that_runs_code_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(HostileSource, match="print"):
        unpickle(pickle.dumps({"drug": _Bomb()}))
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("data", [b"", b"not a pickle", pickle.dumps({"a": [1]})[:-3]])
def test_a_broken_pickle_is_unreadable(data: bytes) -> None:
    with pytest.raises(UnreadableSource):
        unpickle(data)


def test_a_harmless_pickle_is_read() -> None:
    assert unpickle(pickle.dumps({"a": ["b", 1.5, None]})) == {"a": ["b", 1.5, None]}


def test_the_curated_list_never_names_one_form_twice_in_a_concept() -> None:
    groups, everyday, _ = read_curated(CURATED)
    assert {"lead", "all", "who"} <= everyday
    for name, forms in groups.items():
        assert len({name, *forms}) == 1 + len(forms), name


def test_json_round_trip(starter: Vocabulary) -> None:
    again = Vocabulary.from_json(starter.to_json())
    assert again.concepts == starter.concepts
    assert again.mentions("IVIG or MTX") == starter.mentions("IVIG or MTX")


def test_names_are_among_the_sorted_forms(starter: Vocabulary) -> None:
    for concept in starter.concepts:
        assert concept.name in concept.forms
        assert list(concept.forms) == sorted(set(concept.forms))


WORDS = st.sampled_from(["DM", "type", "2", "diabetes", "IVIG", "SGLT", "i", "C.", "difficile", "'s", "ILD"])
GAPS = st.sampled_from([" ", "-", "", ". ", "\n", "/", "\u0308", "—"])
TEXTS = st.one_of(
    st.text(),
    st.lists(st.tuples(WORDS, GAPS)).map(lambda parts: "".join(word + gap for word, gap in parts)),
)


@settings(deadline=None)
@given(TEXTS)
def test_mentions_are_ordered_whole_words_and_stay_found(starter: Vocabulary, text: str) -> None:
    free = 0
    for mention in starter.mentions(text):
        assert free <= mention.start < mention.end <= len(text)
        assert not text[mention.start - 1 : mention.start].isalnum() or mention.start == 0
        assert not text[mention.end : mention.end + 1].isalnum()
        (alone,) = starter.mentions(text[mention.start : mention.end])
        assert (alone.start, alone.end, alone.concepts) == (
            0,
            mention.end - mention.start,
            mention.concepts,
        )
        free = mention.end
    assert starter.mentions(text) == starter.mentions(text)


def test_forms_without_words_are_never_found() -> None:
    assert Vocabulary([Concept("—", ("—", "..."))]).mentions("— ... —") == ()
