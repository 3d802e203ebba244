"""Names of people: with a title, introduced as a name, beside an age or a number, or by a common given name."""

import re
from collections.abc import Callable
from itertools import takewhile

from assistant.identifiers.rule import IdentifierKind, Rule

ORDINARY = frozenset(
    """a about acid active activity acute adult adults adverse after against age aged agent all allergic also am an and angiogram antibody antibodies
    anti any are arterial artery aspirin assessment asthma at atrial aureus autoimmune avoid baby be been before being benefit biopsy bladder
    bleed blood body bone bowel brain brand breast british bypass can cancer cardiac care case cell central cerebral chest child children chronic
    class clean clear clinic clinical clot cohort colitis college common complex control core coronary could count criteria crisis current
    daily data day days deep deficiency dementia depression diabetes diabetic diagnosis dialysis diarrhea did difficile diet disease disorder do
    does dose doses dosing drug drugs dry due duct early effect elderly emergency end enzyme epilepsy european evaluation evidence ever eye
    factor fails failed failing failure fasting female fever first second third fibrillation fibrosis finding findings fit flare for from gained gastric gestational
    general giant global gold good gout grade graft guide guided guideline had has hav have having he head health heart hematuria hepatic hepatitis her high
    hip his history home hospital how hypertension hypotension i i'm i've i'd if iii imaging immune implant in index infarction infection infusion
    initial injury insulin interval is issue it iv joint kidney knee known large late left lead level levels liver living loss
    low lower lung lupus lymph lymphoma major male management many mean mellitus metre metres meter meters minute minutes foot feet shuttle hour hours men metabolic mild minor monitoring monoclonal mountain moderate
    most multiple murmur muscle my national need needs nerve new next nile no node nodes non not novel now obese obesity obstructive of off old older on one only option options or
    oral other our out over pain palsy pancreas patient patients peripheral phase phenomenon pill placebo plan plaque plasma plus post pregnancy
    pregnant presents preserved primary program programme progression progressive prophylaxis protocol pulmonary quality questionnaire question rate recent
    recurrent reduced refuses regimen relapse relapsing relative renal reported resistant respiratory response restless review rheumatic rheumatoid right
    risk river rocky safety satisfaction scale scan score screening secondary seizure sepsis septic series serum severe severity shock should sign signs sinus skin
    sleep some south east west north spectroscopy spine stable stage started state stent still stomach stop stroke study surgery syndrome systemic takes taking target term test
    that the their then therapy they this three throat thyroid to trial transplant treatment trials tumor tumour two type ulcer under unit unknown
    unstable upper urinary use used uses using uterine valve vascular vein venous versus virus visual vitamin vs wants was were
    what when where which who whose why will wing with without woman women work would year years yes york you young your
    angiography venography enterography urography elastography mammography neurography perfusion contrast signal sequence jet clip regurgitation conditional
    compatible safe vti reduction score scores shift missing medication medications tablet tablets injection injections appointment appointments meals
    periods period pills activity centered centred advocacy education engagement experience outcome outcomes preference preferences named information leaflet
    portal population selection subgroup characteristics international american canadian australian world medical society association institute foundation
    university group network united kingdom states england scotland wales ireland asian african white black caucasian hispanic eastern western male
    nurse doctor intestinal gut microbiota made than repair replacement pending physician consultant group regular further former possible probable suspected confirmed""".split()
)
"""Words that are capitalised in titles and by hasty typing, and are no names."""

_MEDICAL = re.compile(
    r"(?i)(?:itis|osis|oses|aemia|emia|[a-z]{3}uria|pathy|pathies|plegia|algia|trophy|plasia|penia|philia|philic|olysis|stasis|sclerosis|"
    r"[a-z]{3}[bcdfghklmnprstv]oma|[a-z]{3}mab|tinib|citinib|ciclib|statin|sartan|gliflozin|gliptin|glutide|glitazone|parin|xaban|gatran|prazole|conazole|"
    r"dronate|cillin|mycin|floxacin|cycline|[a-z]{4}vir|[a-z]{3}pril|[a-z]{3}olol|dipine|solone|sone|[a-z]{3}cept|feron|rubicin|platin|trexate|"
    r"ectomy|ostomy|otomy|plasty|scopy|graphy|[a-z]{4}gram|therapy|ology|logic|[cst]tion|sion|ture|ism|ical|nary|oid|cyte|cytic|[a-z]{4}ous|"
    r"[a-z]{4}(?:less|ness|ment)|[a-z]{5}(?:ing|ed))$"
)
_EPONYM = re.compile(
    r"(?i)^(?:'s)?[ -](?:and colleagues|et al|and co\b|disease|syndrome|phenomenon|sign|signs|test|tests|score|scale|criteria|criterion|classification|"
    r"trial|trials|study|studies|series|group|cohort|registry|method|formula|equation|procedure|operation|manoeuvre|maneuver|murmur|nodules?|virus|fever|"
    r"hospitals?|clinic|institute|institution|university|foundation|alliance|society|college|cent(?:er|re)|questionnaire|index|protocols?|rule|law|"
    r"model|catheter|tube|stent|valve|drops|effect|reaction|stain|agar|medal|lecture|fire|wort|scan|imaging|guidelines?|diet|inventory|position|"
    r"palsy|arthritis|encephalitis|disorder|therapy|antibod(?:y|ies)|deficiency|levels?)\b"
)
_AUTHOR = re.compile(r"(?i)\b(?:drs?|prof|professor|doctor|surgeon|by|al|nobel)\.? (?:[A-Z]\. ?)?$")

_GIVEN = frozenset(
    """aaron abdul abigail adam adriana agnes ahmed aisha alan albert alejandro alex alexander alexandra ali alice alicia amanda amelia amina amir amy
    ana andrea andrew angela anita ann anna anne annie anthony antonio anya arthur ashley barbara beatrice beatrix benjamin bernard beth betty boris
    brenda brian bruce camila carlos carmen caroline catherine cecilia charles charlotte chloe chris christina christine christopher claire clara
    colin craig cynthia daniel daniela david deborah denise dennis diana diego dimitri dmitri donald dorothy douglas edith edward edwina eileen elaine
    eleanor elena elizabeth ella ellen emeka emily emma eric erica esther ethan eva evelyn fatima felix fernando fiona florence frances francesca francesco
    gabriel gareth gary geoffrey george gerald giovanni giulia gloria graham greta guillermo hannah hans harold harriet harry hassan heather helen
    henry hugh hussein ibrahim ingrid irene isabel isabella ivan jacob jacqueline jamal james jan jane janet jason javier jean jeffrey jennifer
    jeremy jessica jia joan joanna joanne johan johanna john jonathan jorge jose joseph joshua juan judith julia julian julie karen karin karl kate katherine
    kathleen keith kelly kenneth kevin khadija kofi krishna kumar kwame laura lauren leila leonard leticia linda lisa louise lucia lucy luis
    lukas lydia magdalena malcolm manuel marco margaret maria marie marina mario marjorie martha martin mary matthew maureen megan mei michael micheal michelle
    miguel mohamed mohammad mohammed monica muhammad nadia nancy naomi natalia natasha nathan nicholas nicola nicole nigel nikolai nina noah nora norma
    oliver olivia olga omar oscar pablo pamela patricia patrick paul paula pauline pedro peter philip philippa phyllis pierre priya rachel rahul raj
    rajesh ramesh raymond rebecca richard robert roberto roger ronald rosa rosalind rosemary roy ruth ryan sally samantha samir samuel sandra sanjay
    sarah sebastian sergei sharon sheila shirley simon simone siobhan sofia sophia sophie stanislav stephanie stephen steven stuart sunil susan suzanne svetlana
    sylvia teresa theresa thomas timothy tom tomasz tracy trevor valerie vanessa vera victoria vijay vincent virginia vladimir walter wendy
    wei william xiulan yasmin yusuf yvonne zainab zoe zofia""".split()
)  # fmt: skip
"""Common given names of many countries that are no English words, months, eponyms or drugs."""

_NEAR = 60
"""So many characters on either side tell an eponym or an author."""
_SURNAMES = frozenset(
    "bone black case child day england good head ireland long north scotland south wales west white york young".split()
)
"""Of the ordinary words those that are common surnames: names after a title or another name."""
_CAP = r"[^\W\d_a-z][^\W\d_]{0,24}(?:['-][^\W\d_]{1,24}){0,3}"
_LOWER = r"[^\W\d_]{1,24}(?:['-][^\W\d_]{1,24}){0,3}"
_PARTICLE = (
    r"(?:(?:van|von|de|der|den|di|da|del|della|la|le|el|bin|ibn|ter|ten|dos|das|des|du|of|al|af|av|zu|'t)[ -]){0,3}"
)
_NAME = rf"{_PARTICLE}{_CAP}"
_INITIALS = r"(?:[A-Z]\.? ?){0,3}"
_MORE = rf"{_PARTICLE}[A-Z][a-z]{{1,24}}(?![^\W_])(?:-{_CAP})?"
_TWO = rf"{_CAP},? (?:[A-Z]\.? )?{_NAME}(?: {_MORE})?"
_PERSON = (
    r"(?:patient|pt|client|man|woman|lady|gentleman|gent|boy|girl|child|baby|infant|neonate|toddler|twins?|teenager|daughter|son|wife|husband|mother|"
    r"father|mum|mom|dad|sister|brother|aunt|uncle|cousin|partner|carer|caregiver|grand(?:mother|father|son|daughter)|neighbou?r|colleague|friend)"
)
_MET = r"(?:saw|seen|seeing|reviewed|met|assessed|examined|referred|discharged|sp(?:oke|eaking) (?:to|with)|discuss(?:ed|ing)|on behalf of)"


def _words(name: str) -> list[str]:
    return re.findall(r"[^ ,.]+", name)


def _is_ordinary(word: str) -> bool:
    return word.removesuffix("'s").lower() in ORDINARY


def _is_surname(word: str) -> bool:
    return word.removesuffix("'s").lower() in _SURNAMES


def _is_given(word: str) -> bool:
    return re.split("['-]", word.lower())[0] in _GIVEN


def _sounds_medical(word: str) -> bool:
    return not _is_given(word) and _MEDICAL.search(word.removesuffix("'s")) is not None


def _is_a_name(found: re.Match[str], least: int = 2) -> bool:
    """Begins with enough words that are neither ordinary nor medical; no eponym, no author.

    What sounds medical may follow a title or a common given name: "Mr Channing", "Maria Harding".
    """
    start, end = found.span("value")
    words = list(re.finditer(r"[^ ,.]{2,}", found.string[start:end]))
    titled = "title" in found.re.groupindex
    trusted = (titled and found["title"].istitle()) or (bool(words) and _is_given(words[0][0]))

    def plausible(word: re.Match[str]) -> bool:
        if _is_ordinary(word[0]):
            return _is_surname(word[0]) and (titled or word is not words[0])
        return trusted or not _sounds_medical(word[0])

    name = list(takewhile(plausible, words))
    if len(name) < least or not (
        titled or _tells_by_capitals(found.string) or any(_is_given(word[0]) for word in name)
    ):
        return False
    rest = start + name[-1].end()
    before, after = found.string[max(0, start - _NEAR) : start], found.string[rest : rest + _NEAR]
    return not _EPONYM.search(after) and not _AUTHOR.search(before)


def _tells_by_capitals(text: str) -> bool:
    """Whether capitals mean anything: not so in a heading, nor where everything is in capitals."""
    return re.search(r"\b[a-z]{4}", text) is not None or len(text.split()) < 6


def _is_called(found: re.Match[str]) -> bool:
    return _is_a_name(found, least=1)


def _is_titled(found: re.Match[str]) -> bool:
    """In capitals MR is imaging and a valve, MRS a spectrum and MS a disease, unless a point or all capitals follow."""
    title, first, shouting = found["title"], _words(found["value"])[0], found.string.isupper()
    dotted = found.string[found.end("title")] == "."
    if (title == "MS" and not dotted) or (title == "MR" and not (dotted or shouting) and first.isupper()):
        return False
    abbreviation = first.isupper() and 1 < len(first) < 4 and not shouting
    return not abbreviation and not (title.isupper() and first.islower()) and _is_a_name(found, least=1)


def _begins_with_given(found: re.Match[str]) -> bool:
    words = _words(found["value"])
    return len(words) > 1 and _is_given(words[0]) and _is_a_name(found)


def _has_given(found: re.Match[str]) -> bool:
    return any(map(_is_given, _words(found["value"]))) and _is_a_name(found)


def _name(pattern: str, fits: Callable[[re.Match[str]], bool] = _is_a_name) -> Rule:
    return Rule(IdentifierKind.NAME, re.compile(pattern), fits)


RULES = (
    _name(
        rf"\b(?P<title>M(?:r|rs|s|iss|ister|x|me|lle|adame|onsieur|adam)|MRS?|MS|MISS|Herr|Frau|Senora?|Senorita|Signora?)\b\.? (?P<value>{_INITIALS}{_NAME}(?: {_MORE}){{0,2}})",
        _is_titled,
    ),
    _name(rf"\b(?P<title>mrs?|mister)\b\.? (?P<value>(?:[a-z]\.? ){{0,2}}{_LOWER})", _is_titled),
    _name(
        rf"(?i:\b(?:patient|pt|client)(?:'?s)?(?: (?:full )?name)?(?: (?:is|was))?(?: (?:called|named))?\s*[:,-]?) (?:Dr\.? |Prof\.? )?(?P<value>{_TWO})"
    ),
    _name(
        rf"(?i:\b(?:patient|pt|re|regarding|about|name)\b:?) (?P<value>{_LOWER},? {_LOWER}(?: {_LOWER})?)",
        _begins_with_given,
    ),
    _name(
        rf"(?i:\b(?:re|name|chart (?:for|of)|notes (?:for|of)|case of {_PERSON})\b ?:?) (?:Dr\.? )?(?P<value>{_TWO})"
    ),
    _name(
        rf"(?i:\b(?:{_PERSON}|he|she|they|who)(?: (?:is|was))? (?:called|named)) (?P<value>{_NAME}(?: {_NAME})?)",
        _is_called,
    ),
    _name(
        rf"(?i:\b(?:his|her|their|my|patient'?s?|pt'?s?) (?:(?:full|first|last|given|family) )?(?:sur)?name(?: is|'s|:)) (?P<value>{_NAME}(?: {_NAME})?)",
        _is_called,
    ),
    _name(
        rf"(?i:\b(?:surname|(?:first|last|given|family|full) name|forename)s? ?(?:is|:|=|-)?) ?(?P<value>{_NAME})",
        _is_called,
    ),
    _name(rf"(?i:\b{_PERSON}),? (?P<value>{_TWO})"),
    _name(rf"(?i:\b{_MET}) (?P<value>{_TWO})"),
    _name(rf"(?i:\b{_PERSON}),? (?P<value>{_CAP} and {_TWO})", _has_given),
    _name(
        rf"(?<![\w'-])(?P<value>{_TWO})(?![\w-])(?=,? ?\(?(?i:\d{{1,3}} ?(?:-? ?(?:yo|y/o|y|yrs?|years?)\b|[mf]\b)|\baged? \d|(?:dob|d\.o\.b|date of birth|born (?:on )?\d|mrn|nhs n|ssn|hospital n)\b))"
    ),
    _name(rf"(?<![\w'-])(?P<value>{_TWO})(?=, \d{{2}},)"),
    _name(rf"(?<![\w'-])(?P<value>{_NAME},? (?:[A-Z]\.? )?{_NAME})(?![\w-])", _begins_with_given),
    _name(rf"(?:^|[:;] )(?P<value>{_LOWER}, {_LOWER})(?= -|[:;.]|$)", _has_given),
)
