"""The words questions are made of, and the endings by which a drug or a disease is known without a dictionary."""

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


BREAKS = _set(
    # articles, pronouns, prepositions, conjunctions, question words, auxiliaries
    "a an the this that these those my your his her its our their i you he she it we they me him us them one ones "
    "of in on at to for from with without by about as into onto over under between among during before after against "
    "through throughout within via per than like near around toward towards since until upon despite versus vs vs. or "
    "and but if so because while although whether though what which who whom whose when where why how is are was were "
    "be been being am do does did done has have had having can could should would will shall may might must not no "
    "isn't aren't doesn't don't can't won't shouldn't wouldn't what's it's that's there here also too still just only "
    "even ever never always often sometimes usually generally typically commonly really very quite rather some any "
    "each every all both either neither much many more most less least few several enough such other another same "
    "own yes ok okay please thanks thank well then now again currently exactly actually instead else let oh hi hello "
    "hey great wow hmm "
    "wo ca sha ain sounds sound seem seems like likes love enjoy great nice cool sorry hope try going live lives lived "
    "assess assessed evaluate evaluated taper tapered administer administered classified defined graded"
    " screened referred vaccinated admitted discharged fail fails failed relapse relapses relapsed respond responds "
    "tolerated eat eats play plays played pay pays paid buy born die died meet met write wrote written win won build "
    "built run "
    "ran bring brought believe hear heard ask asked feel feels felt learn learned teach create created own owns owned "
    "became believe believed visit move moved follow followed support supports supported serve served open opened "
    "enabled exist exists existed form formed produce produced relate related connect connected easier easy difficult "
    "hard popular famous unique major special interesting harmful mixed together both together else other elsewhere "
    "everything something anything nothing everyone someone anyone mine yours myself yourself itself themselves "
    "recently usually previously already yet soon lately apart aside besides except according due regarding "
    "concerning including related based depending using getting looking talking speaking going doing having being "
    "enough big small large larger largest great greater new newer newest old cheap "
    "cheaper cheapest expensive dangerous safer safest faster slower healthy fast quick quickly slow"
    # verbs and verb forms that questions are made of
    "give gives given giving take takes taken taking took use used using get gets getting got make makes made making "
    "work works worked working help helps helped helping tell know say said says show shows shown mean means meant "
    "need needs needed want wants wanted think start starts started starting stop stops stopped stopping begin began "
    "cause causes caused causing happen happens happened happening treat treats treated treating prevent prevents "
    "prevented preventing manage manages managed managing diagnose diagnosed monitor monitored reduce reduces reduced "
    "reducing raise raises raised shorten shortens prolong prolongs worsen worsens "
    "increase increases increased improve improves improved affect affects affected compare compares "
    "compared last lasts become becomes became come comes go goes went occur occurs occurred differ differs include "
    "includes included involve involves involved recommend recommends recommended prescribe prescribed consider "
    "considered avoid avoided continue continued switch switched add added try tried see seen look find found keep "
    "put call called discuss describe explain provide suggest suggested choose chosen change changed changes develop "
    "developed lead leads led require required allow allowed apply measured measure check checked check explain "
    "understand interested approved studied tested combined available safe effective better worse best necessary "
    "possible useful important different similar appropriate preferred indicated contraindicated dangerous good bad "
    "old long far soon early late high low main common likely able true worth sure legal first second"
)
CONTRACTED = re.compile(r"(?:n['’]t|['’](?:m|s|re|ve|d|ll))$")
BRIDGES = _set(
    "first second high low main common early late different best long good other another first-line same reduced major"
)
"""Breaks that open a phrase when a noun follows: "first trimester", "high dose", "long COVID"."""

ASPECTS = _set(
    "treatment treatments therapy therapies management drug drugs medication medications medicine medicines agent "
    "agents dose doses dosage dosages dosing duration schedule frequency side effect effects adverse event events "
    "reaction reactions risk risks benefit benefits symptom symptoms sign signs cause causes diagnosis prognosis cost "
    "costs price monitoring follow-up evidence difference differences alternative alternatives option options "
    "guideline "
    "guidelines mechanism action contraindication contraindications interaction interactions type types kind kinds "
    "example examples maximum minimum usual starting loading maintenance optimal first-line second-line third-line "
    "role way ways reason reasons time number rate rates amount level levels result results outcome outcomes efficacy "
    "effectiveness safety tolerability toxicity complication complications prevalence incidence factor factors target "
    "targets test tests testing screening step steps issue issues problem problems choice choices strategy strategies "
    "approach approaches advantage advantages disadvantage disadvantages pros cons impact purpose importance "
    "significance definition meaning study studies trial trials data recommendation recommendations thing things "
    "patient patients people person condition conditions disease diseases disorder illness long-term short-term "
    "response regimen regimens precautions warning warnings procedure process information details idea limit limits "
    "requirement requirements chance chances question answer course onset severity stage stages day days week weeks "
    "month months year years survival mortality remission relapse recurrence history part feature features "
    "high higher highest low lower lowest first second main common other another different new best long good same "
    "one two three early late major specific some more population populations case cases lot line indications "
    "indication half-life route administration formulation age gender topic subject article group groups form forms"
)
OPENERS = _set("first-line second-line third-line maximum minimum usual optimal best main common other another such")
DISEASE_ASPECTS = _set(
    "symptom symptoms sign signs cause causes diagnosis prognosis prevalence incidence course severity stage stages "
    "screening classification criteria epidemiology pathophysiology pathogenesis"
)
"""Aspects of an illness rather than of what is given for it: "the symptoms" after a drug means the disease's."""

GROUP = re.compile(
    r"\b(?:child(?:ren)?|p(?:a)?ediatric\w*|adults?|adolescents?|teenagers?|infants?|neonat\w+|newborns?|babies|"
    r"elderly|older|women|woman|men|pregnan\w+|breast-?feeding|lactati\w+|frail\w*|dialysis|"
    r"obes\w+|smokers?|(?:renal|kidney|hepatic|liver) (?:impairment|insufficiency|failure|dysfunction"
    r"|transplant\w*))\b",
    re.IGNORECASE,
)
DRUG = re.compile(
    r"(?:\w{2,}(?:mab|nib|xaban|gatran|pril|sartan|olol|dipine|statin|gliflozin|glutide|gliptin|formin|triptan|gepant|"
    r"cycline|cillin|mycin|micin|floxacin|azole|parin|farin|trexate|apine|idone|limus|prine|sone|solone|onide|oxetine|"
    r"pram|prazole|setron|tidine|thiazide|thalidone|semide|lactone|renone|azepam|profen|coxib|purinol|xostat|cept|"
    r"trexed|chicine|quine|salazine|terol|tropium|phylline|olide|quinolone|mustine|platin|taxel|rubicin|fenac|faxine"
    r"|traline|zodone|"
    r"bactam|penem|vir|kinra|trigine|ramate|proate|proex|amine|afil|dopril|urane?|parib|glitazone|glinide|mide"
    r"|nercept|coxacin|xacin|cef\w*|lukast|sulfan)s?"
    r"|aspirin|thiazides?|insulins?|(?:(?:gluco|mineralo)?cortico)?steroids?|glucocorticoids?|immunoglobulins?"
    r"|\w*inhibitors?|\w*blockers?"
    r"|\w*coagulants?|\w*biotics?|vaccines?|\w*depressants?|\w*agonists?|\w*antagonists?|\w*diuretics?|vasopressors?"
    r"|opioids?|\w*suppressants?|biologics?|statins?|triptans?|lithium|digoxin|heparins?|ivig|scig|nsaids?"
    r"|\w*dmards?|doacs?|noacs?"
    r"|ssris?|snris?|sglt2i?|glp-1|arni|acei?|arbs?|mras?|mtx|mmf|hcq|vkas?|antivirals?|gabapentin|pregabalin|ergots?"
    r"|levodopa|plasmapheresis|plasma exchange|psychotherapy|cbt|fmt|norepinephrine|noradrenaline|vasopressin)",
    re.IGNORECASE,
)
DISEASE = re.compile(
    r"(?:\w{2,}(?:itis|osis|emia|aemia|pathy|oma|omas|iasis|uria|trophy|plegia|algia|rrh(?:o)?ea|sclerosis|penia|"
    r"(?<=hyper)tension|(?<=hypo)tension|phobia|asthenia)"
    r"|(?:\w+ )*(?:disease|syndrome|disorder|infection|cancer|deficiency|injury)|\w+ failure|infarction|stroke|gout"
    r"|sepsis|shock|pneumonia|depression|diabetes|migraines?|embolism|thromboembolism|fibrillation|fractures?|asthma"
    r"|copd"
    r"|headaches?|obesity|lupus|flu|influenza|covid(?:-19)?|leuk(?:a)?emia|epilepsy|seizures?|dementia|an(?:a)?emia"
    r"|tumou?rs?"
    r"|ulcers?|exacerbations?|ckd|ild|hfref|hfpef|vte|dvt|c\.? diff(?:icile)?|psoriasis|eczema|tuberculosis|hiv|aids)",
    re.IGNORECASE,
)
NOT_DISEASE = _set("diagnosis prognosis disease diseases disorder osmosis mitosis this")


COMPLICATIONS = _set(
    "infection infections cancer cancers malignancy tumor tumour fracture fractures injury headache headaches ulcer "
    "ulcers "
    "seizure seizures anemia anaemia exacerbation exacerbations deficiency hypotension bleeding thrombosis tuberculosis"
)
"""Illnesses that, named alone, are mostly asked about as part of another."""
