"""Emergencies and the questions that sound alike: a sign is somebody's and now, whatever else the message holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.emergency import is_emergency
from tests.assistant.test_triage import EMERGENCIES, ORDINARY

PAIRS = (
    ("he's stopped breathing, could it be the morphine patch, what do I do",
     "could a morphine patch be the reason he stopped breathing in hospital last year?"),
    ("my husband has collapsed at the gym and he's gone blue, people are just standing around",
     "how many people who collapsed at a gym and had gone blue survive?"),
    ("she took all her propranolol about an hour ago, would charcoal still work",
     "would charcoal still work an hour after adults have taken a whole packet of propranolol?"),
    ("I'm going to kill myself tonight, might the citalopram be enough",
     "might citalopram make people think of killing themselves in the first weeks?"),
    ("pt in VF, prior MI, guidelines say amiodarone after third shock, right?",
     "what do guidelines say about amiodarone after the third shock in VF?"),
    ("my mum has a history of seizures and she's fitting now, 7 minutes",
     "my mum has a history of fitting as a child, should she stay on levetiracetam for life"),
    ("dad had a heart attack in 2015 and now he has crushing chest pain",
     "dad had crushing chest pain in 2015 and got a stent, is aspirin for life right"),
    ("she's never had a nut allergy before but her throat is closing",
     "her throat was swollen years ago after nuts, does that mean she has an allergy"),
    ("baby isn't responding and is floppy, is there any risk of harm from CPR",
     "is there any risk of harm from CPR in a baby who is floppy but breathing?"),
    ("bleeding won't stop after his tooth came out, previous clots so on warfarin, he is soaking through towels",
     "he was bleeding heavily after a previous tooth extraction on warfarin, how would you plan the next"),
    ("patient in anaphylaxis, BP 60/30, would you repeat adrenaline",
     "would you repeat adrenaline after five minutes in adults with a BP of 60/30 from anaphylaxis"),
    ("I can't wake my son after his methadone, if that counts as an overdose should I use the spray",
     "if my son ever can't be woken after methadone, should I use the spray they gave us to keep at home?"),
    ("we have two people not breathing after the fire, which one would you ventilate first",
     "do people not breathing after a fire benefit from hydroxocobalamin?"),
    ("I can't breathe, I had asthma as a child, could I take my daughter's inhaler",
     "as a child I was struggling to breathe every winter, could that have been asthma"),
    ("man collapsed in front of us, no pulse, is there evidence for mouth to mouth",
     "is there evidence for mouth to mouth when a bystander finds someone with no pulse"),
    ("my girlfriend overdosed on quetiapine tonight, she did the same last year",
     "my girlfriend overdosed on quetiapine last year, is olanzapine safer for her"),
    ("he is vomiting blood and previously had varices, terlipressin dose?",
     "he was vomiting blood last year from varices, is carvedilol worth it now?"),
    ("she has been seizing for 20 minutes despite lorazepam, protocol says phenytoin but there is heart block",
     "which second line drug does the protocol give when a patient is still seizing after lorazepam?"),
    ("my nan has been slurring her words since lunch, could it be the pregabalin",
     "could pregabalin cause slurred speech in older people like my nan?"),
    ("used my daughter's epipen ten minutes ago, lips swollen again, might she need another",
     "might a child need another epipen if her lips are swollen again? action plan for school"),
    ("colleague has arrested in the anaesthetic room, is lipid recommended",
     "is lipid recommended for patients who have arrested after a nerve block"),
    ("I have taken 60 paracetamol, people say it takes days, is that so",
     "people say that those who have taken 60 paracetamol die only after days, is that so"),
    ("my partner is unconscious, she is prone to hypos, would glucagon be safe",
     "would glucagon be safe for people prone to hypos who are found unconscious by a partner"),
    ("the toddler swallowed a handful of iron tablets, how common is it to be ill from that",
     "how common is it that a toddler has swallowed iron tablets before the age of two"),
    ("72M, prior stroke, now suddenly can't speak, dabigatran 2 h ago, lyse?",
     "72M, could not speak after a stroke in 2021, recovered, dabigatran or apixaban?"),
    ("she passed out twice this hour and BP is 70/40, trial drug was started today",
     "in the trial, how many passed out or had a BP of 70/40 on the drug"),
    ("he's choking on a grape right now, would back slaps be first",
     "would back slaps be first if a child is choking on a grape, or thrusts?"),
    ("my lips are blue and I am gasping, I survived covid last year",
     "I survived covid last year and was gasping for weeks, will pulmonary rehab help"),
    ("our resident is unresponsive, she had a prior stroke, do we start CPR",
     "our resident was unresponsive two weeks ago and came back well, should gliclazide stop?"),
    ("my patient is going to jump, he has a history of depression, what might calm him",
     "my patient has a history of wanting to die, which antidepressant would be safest for her"),
    ("he's on 15 litres and his sats are 58, do guidelines ever support heliox?",
     "do guidelines ever support heliox for patients with sats of 78 in severe asthma?"),
    ("I'm 34 weeks, bleeding heavily, would tranexamic acid hurt the baby",
     "would tranexamic acid help women who are bleeding heavily in labour, or hurt the baby?"),
    ("In resus with a pulseless patient, what's the evidence for bicarbonate",
     "what's the evidence for bicarbonate in a pulseless patient?"),
    ("if this is a stroke what could I give, his face has dropped and arm is weak",
     "if a patient has a stroke and his face has dropped, what could be given within 4.5 hours"),
    ("my brother cut himself and blood is gushing, risk of shock?",
     "what is the risk of shock when blood is gushing from a fistula? for my teaching slides"),
    ("wife collapsed. She used to faint a lot as a teenager. Still not responding.",
     "wife used to faint a lot and collapsed twice as a teenager. Is midodrine worth trying?"),
    ("Guidelines aside, the man in front of me has no pulse. Adrenaline first?",
     "Guidelines for those with no pulse changed in 2025. Is adrenaline still first?"),
    ("I ate prawns and my tongue is swelling up, last year it was just a rash",
     "last year I ate prawns and my tongue was swelling up, do I need an epipen for life"),
    ("she is on a trial of penicillin and she can't breathe, hives everywhere",
     "she is in a trial of home oxygen because she can't breathe well on stairs, does it help"),
    ("my son drank bleach, would milk help",
     "would milk help if a child drank bleach? it is for our leaflet"),
    ("I might pass out, chest pain down my left arm, had a stent years ago",
     "I passed out and had chest pain years ago, might my stent be blocked by now? the scan last week was clear"),
    ("patient has stopped breathing. What is recommended?",
     "What is recommended for patients who have stopped breathing in their sleep?"),
    ("are bystanders supposed to do CPR if he is gasping? he is on the floor now",
     "are bystanders supposed to do CPR if someone is gasping?"),
    ("my teenager says she has swallowed 40 pills, could she be lying",
     "could adolescents who say they have swallowed 40 pills be lying, and which blood test tells?"),
    ("I can't wake my husband, he is snoring oddly after his new patch, is that ever normal",
     "is it ever normal that patients on zopiclone are not woken by an alarm?"),
    ("pt with prior PE has arrested, would thrombolysis be right",
     "prior PE and the patient has arrested in hospital: in which trials was thrombolysis right?"),
    ("I was well when I went to bed, now I can't move my right side",
     "when I was in hospital in 2020 I was unable to move my right side, is clopidogrel for life?"),
    ("she would not stop bleeding after the birth and still isn't stopping, uterus boggy, next?",
     "how many women would not stop bleeding after birth despite oxytocin, and what next?"),
    ("he's been unconscious for 5 minutes, history of diabetes",
     "history of diabetes, he was unconscious for 5 minutes in 2023, is metformin still ok?"),
    ("kid not breathing at the pool, 5 rescue breaths per the algorithm?",
     "why does the drowning algorithm start with five rescue breaths if a kid is not breathing?"),
)  # fmt: skip
"""An emergency and an ordinary question that share signs and guarded words."""

BESIDE_A_GUARDED_WORD = (
    "I want to kill myself, would 30 amitriptyline do it",
    "my wife collapsed, could it be her tablets? she won't wake up",
    "pt seizing for 10 minutes, could we give levetiracetam",
    "I overdosed on paracetamol and previously took citalopram",
    "she had a stroke last year and now her face is drooping again",
    "my dad collapsed, he has a history of heart failure and isn't breathing",
    "my patient is in cardiac arrest, what is the evidence for calcium",
    "I can't breathe, would a steroid inhaler help",
    "he's not breathing, what could I do",
    "my son swallowed his gran's digoxin, might he be ok",
    "patient not breathing, sats 60, guidelines say adrenaline?",
    "two people unconscious at the bus stop, no pulse",
    "if he is not breathing now what do I do",
    "he never stops bleeding, it's pouring out, he's on warfarin, prior stroke",
    "my mum collapsed she has a history of epilepsy and i cant wake her what should i do",
    "im bleeding heavily after my miscarriage last week should i worry",
    "since her operation last week my mum can't breathe",
    "my daughter is having a seizure, she had one in 2019 too, should I give buccal midazolam",
    "pt with prior MI in VF, amiodarone",
    "I don't know if my dad is choking or having a fit",
    "my dad collapsed, he had a stent last year, what do I do",
    "he started choking when he was eating",
    "one of my patients has collapsed in the waiting room, no pulse",
    "what do guidelines say for my patient who is seizing right now",
    "pt recovered from the anaesthetic but is now unresponsive, could it be opioids",
    "he had bypass surgery in 2018 and he's got crushing chest pain",
    "no history of epilepsy, he's fitting, would diazepam help",
    "my grandma fell last month, she's now unconscious",
    "baby not breathing. people say five breaths?",
    "I know people who used to do this but I want to end my life",
    "risk of death? he took 60 amitriptyline",
    "people make me want to kill myself",
    "if I give naloxone what dose, he's not breathing",
    "which guideline applies to the cardiac arrest in front of us",
)

IN_GENERAL_OR_OVER = (
    "fitting in patients on tramadol",
    "would tranexamic acid help people bleeding heavily?",
    "would tranexamic acid help bleeding heavily after childbirth?",
    "would aspirin still help crushing chest pain",
    "my patients often pass out on tamsulosin, is there evidence for fludrocortisone",
    "would my patient benefit from an ICD if he collapsed with VT?",
    "he collapsed, went blue and was shocked last year, amiodarone for how long?",
    "In 2019, he collapsed at work, is an ICD still needed",
    "my mum passed out and we went to hospital last week, all tests normal",
    "if he collapses and is not breathing, do I start compressions?",
    "he can't speak after his stroke last year, does therapy help?",
    "my brother took an overdose in 2022, now doing well on lithium. does it really reduce suicide risk?",
    "she had a stroke in 2019 and can't speak, does therapy help?",
    "could I have been given too much insulin when I was unconscious in hospital",
    "my daughter was turning blue with crying as a child, is it still a risk for her baby",
    "could a stroke survivor who can't move an arm take fluoxetine, I read the FLAME trial",
    "does a history of passing out change the choice of beta blocker",
    "she has a history of choking, are thickened fluids any use",
    "in case of a floppy baby, what does the algorithm say first",
    "women bleeding heavily on apixaban, would progestogens help",
    "if he stops breathing now and then, is it sleep apnoea",
    # words that hold the letters of a sign
    "she took allopurinol for a year, is febuxostat better",
    "my mum passed her blood test, can she stop iron",
    "I can't seem to lose weight on insulin",
    "he has poor blood pressure control",
)

TOLD_WITHOUT_A_PERSON = (
    "sudden worst headache of my life, on warfarin",
    "there's blood everywhere, she's on eliquis and fell",
)
"""Where the message also speaks in general, nobody is seen to have these signs."""


KNOWN = {
    "are bystanders supposed to do CPR if he is gasping? he is on the floor now": "the moment is in another sentence",
    "prior PE and the patient has arrested in hospital: in which trials was thrombolysis right?": "told as present",
}
"""What does not work yet, and why."""


def known_failure(text: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(strict=True, reason=KNOWN[text])] if text in KNOWN else []


@pytest.mark.parametrize(
    "text", [*BESIDE_A_GUARDED_WORD, *(pytest.param(one, marks=known_failure(one)) for one, _ in PAIRS)]
)
def test_an_emergency(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text", [*IN_GENERAL_OR_OVER, *(pytest.param(one, marks=known_failure(one)) for _, one in PAIRS)]
)
def test_not_an_emergency(text: str) -> None:
    assert not is_emergency(text)


@pytest.mark.parametrize("text", EMERGENCIES)
@pytest.mark.parametrize(
    "around",
    [
        *(
            "{}. Could it be the tablets?",
            "{}. Would oxygen help?",
            "{}. He had a stroke in 2019.",
            "Previously well. {}",
        ),
        *("{}. There is a history of epilepsy.", "{}. I had asthma as a child.", "He had a stroke last year. {}"),
    ],
)
def test_another_sentence_takes_nothing_from_an_emergency(text: str, around: str) -> None:
    assert is_emergency(around.format(text))


@pytest.mark.parametrize("text", [text for text in EMERGENCIES if text not in TOLD_WITHOUT_A_PERSON])
@pytest.mark.parametrize(
    "around", ["{}. What is the evidence for it?", "{}. Do guidelines help?", "I read a trial. {}"]
)
def test_a_question_in_general_takes_nothing_from_somebodys_emergency(text: str, around: str) -> None:
    assert is_emergency(around.format(text))


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("asked", ["Could it be the tablets?", "Would oxygen help?", "Might it pass?"])
def test_a_modal_makes_no_emergency(text: str, asked: str) -> None:
    assert not is_emergency(f"{text} {asked}")


@given(st.sampled_from([one for pair in PAIRS for one in pair]), st.sampled_from([str.upper, str.title]))
def test_capitals_change_nothing(text: str, spelled: type[str]) -> None:
    assert is_emergency(spelled(text)) == is_emergency(text)


@given(st.text(max_size=200), st.sampled_from(["last year", "if he", "patients", "and now", "\n", "."]))
def test_any_text_is_judged(text: str, between: str) -> None:
    assert is_emergency(f"{text} {between} {text}") in (True, False)
