"""A key is known by its text alone, of which nothing is kept; it ends at once, and its use is noted by the day."""

import secrets
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from corpus.catalogue import keys
from corpus.catalogue.database import Catalogue, default_url
from corpus.catalogue.keys import ApiKey, Role
from corpus.catalogue.tables import api_key
from corpus.errors import KeyRefused, UnknownKey
from tests.corpus.catalogue.samples import LATER, NOW, rows

SECRET = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
"""The bytes 20 to 3f, in base64 as `base64 | tr '+/' '-_'` writes it."""


def create(catalogue: Catalogue, name: str = "ward 3", role: Role = Role.CLINICIAN) -> tuple[ApiKey, str]:
    with catalogue.writing() as connection:
        return keys.create(connection, name, role, NOW)


def find(catalogue: Catalogue, text: str) -> ApiKey | None:
    with catalogue.reading() as connection:
        return keys.find(connection, text)


def in_turn(*some: bytes) -> Callable[[int], bytes]:
    """Randomness that gives these, and sees that it is asked for as many."""
    waiting = iter(some)

    def random(count: int) -> bytes:
        given = next(waiting)
        assert len(given) == count
        return given

    return random


def test_a_key_is_found_by_its_text(catalogue: Catalogue) -> None:
    made, text = create(catalogue, "ward 3", Role.OPERATOR)
    other, another_text = create(catalogue, "notebook", Role.EVALUATOR)
    assert (made.name, made.role, made.created, made.revoked, made.last_used) == ("ward 3", "operator", NOW, "", "")
    assert find(catalogue, text) == made
    assert find(catalogue, another_text) == other
    assert made.id != other.id


def test_its_text_is_made_of_its_id_and_of_256_random_bits(catalogue: Catalogue) -> None:
    random = in_turn(bytes.fromhex("00ffa01b"), bytes(range(0x20, 0x40)))
    with catalogue.writing() as connection:
        made, text = keys.create(connection, "ward 3", Role.CLINICIAN, NOW, random)
        assert made.id == "00ffa01b"
        assert text == f"sq_00ffa01b_{SECRET}"
        (kept,) = connection.execute(api_key.select())
    assert kept.digest == sha256(text.encode()).hexdigest()


def test_an_id_that_is_taken_is_not_given_again(catalogue: Catalogue) -> None:
    first, second = bytes(4), bytes.fromhex("00000001")
    with catalogue.writing() as connection:
        made = [
            keys.create(connection, "ward 3", Role.CLINICIAN, NOW, in_turn(*some))
            for some in ((first, bytes(32)), (first, first, second, bytes(32)))
        ]
    assert [key.id for key, _ in made] == ["00000000", "00000001"]
    assert [find(catalogue, text) for _, text in made] == [key for key, _ in made]


def test_a_text_that_differs_anywhere_is_no_key(catalogue: Catalogue) -> None:
    """Also in the last character, two bits of which say nothing of the 32 bytes."""
    made, text = create(catalogue)
    for place, character in enumerate(text):
        other = "B" if character == "A" else "A"
        assert find(catalogue, text[:place] + other + text[place + 1 :]) is None
    _, of_another = create(catalogue)
    for wrong in (of_another[:12] + text[12:], text[:12] + of_another[12:], text[:-1], f"{text}A", text.upper()):
        assert find(catalogue, wrong) is None
    assert find(catalogue, text) == made


@pytest.mark.parametrize("around", ["{}\n", " {}", "{}=", "Bearer {}", "{}\x00", "{}\ud800", "{0}{0}", ""])
def test_what_is_not_exactly_a_key_is_none(catalogue: Catalogue, around: str) -> None:
    _, text = create(catalogue)
    assert find(catalogue, around.format(text)) is None


@pytest.mark.parametrize("text", ["sq_٣f6c1b1e_" + "A" * 43, "sq_3F6C1B1E_" + "A" * 43, "sq_3f6c1b1e_" + "é" * 43])
def test_other_alphabets_are_no_key(catalogue: Catalogue, text: str) -> None:
    assert find(catalogue, text) is None


def test_any_text_is_looked_at_without_harm(tmp_path: Path) -> None:
    with closing(Catalogue.open(default_url(tmp_path))) as catalogue:
        known = create(catalogue)[1]

        @hypothesis_given(st.one_of(st.text(), st.from_regex(r"sq_[0-9a-f]{8}_[\w-]{43}", fullmatch=True)))
        def looked_at(text: str) -> None:
            assert text == known or find(catalogue, text) is None

        looked_at()


def test_digests_are_compared_in_constant_time(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether there is such an id or not."""
    compared: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return False

    made, text = create(catalogue)
    monkeypatch.setattr(secrets, "compare_digest", compare)
    assert find(catalogue, text) is None
    assert find(catalogue, f"sq_{int(made.id, 16) ^ 1:08x}_{SECRET}") is None
    assert [[len(one), len(other)] for one, other in compared] == [[64, 64], [64, 64]]


def test_a_revoked_key_stops_at_once(catalogue: Catalogue, url: str) -> None:
    """For whoever has had the catalogue open all the while, too; and no other key does."""
    (made, text), (_, other) = create(catalogue), create(catalogue)
    with closing(Catalogue.open(url)) as service:
        assert keys.recognise(service, text, NOW)
        with catalogue.writing() as connection:
            revoked = keys.revoke(connection, made.id, LATER)
        assert (revoked.id, revoked.revoked) == (made.id, LATER)
        assert find(service, text) is None
        assert keys.recognise(service, text, LATER) is None
        assert find(service, other)


def test_a_key_is_revoked_once_and_for_all(catalogue: Catalogue) -> None:
    made, _ = create(catalogue)
    with catalogue.writing() as connection:
        first = keys.revoke(connection, made.id, NOW)
        assert keys.revoke(connection, made.id, LATER) == first


def test_what_is_no_id_is_told_and_a_secret_is_not(catalogue: Catalogue) -> None:
    _, text = create(catalogue)
    for wrong in ("00000000", "", text):
        with catalogue.writing() as connection, pytest.raises(UnknownKey, match="sequitur keys list") as raised:
            keys.revoke(connection, wrong, NOW)
        assert text[12:] not in str(raised.value)


def test_keys_are_listed_oldest_first(catalogue: Catalogue) -> None:
    with catalogue.writing() as connection:
        made = [
            keys.create(connection, name, Role.CLINICIAN, now)[0]
            for name, now in (("new", LATER), ("old", NOW), ("newest", f"{LATER}1"))
        ]
        keys.revoke(connection, made[1].id, LATER)
    with catalogue.reading() as connection:
        listed = keys.all_keys(connection)
    assert [(one.name, one.revoked) for one in listed] == [("old", LATER), ("new", ""), ("newest", "")]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1b[31m", "a\u202eb", "x" * 101])
def test_a_name_that_is_none(catalogue: Catalogue, name: str) -> None:
    with pytest.raises(KeyRefused, match="one line"):
        create(catalogue, name)
    assert rows(catalogue)["api_key"] == []


def test_the_day_of_its_use_is_noted(catalogue: Catalogue) -> None:
    """The last, also when clocks disagree; the key is given as it was before the use."""
    made, text = create(catalogue)
    seen = [keys.recognise(catalogue, text, now) for now in (NOW, NOW.replace("T10", "T23"), LATER, NOW)]
    assert [one and one.last_used for one in seen] == ["", NOW[:10], NOW[:10], LATER[:10]]
    assert find(catalogue, text) == ApiKey(made.id, made.name, made.role, NOW, "", LATER[:10])


def test_a_later_day_is_not_replaced_by_an_earlier_one(catalogue: Catalogue) -> None:
    """Of two uses at midnight the one that is noted last may be the first."""
    made, _ = create(catalogue)
    with catalogue.writing() as connection:
        for day in (LATER[:10], NOW[:10]):
            keys.note_use(connection, made.id, day)
        assert [one.last_used for one in keys.all_keys(connection)] == [LATER[:10]]


def test_after_its_first_use_of_a_day_it_waits_for_no_writer(catalogue: Catalogue, url: str) -> None:
    _, text = create(catalogue)
    keys.recognise(catalogue, text, NOW)
    with closing(Catalogue.open(url)) as other, other.writing():
        assert keys.recognise(catalogue, text, NOW.replace("T10", "T23"))


def test_what_is_no_key_is_not_noted(catalogue: Catalogue) -> None:
    _, text = create(catalogue)
    before = rows(catalogue)
    assert keys.recognise(catalogue, text[:-1] + "!", NOW) is None
    assert keys.recognise(catalogue, f"{text[:12]}{SECRET}", NOW) is None
    assert rows(catalogue) == before


def test_no_secret_is_in_the_catalogue(catalogue: Catalogue) -> None:
    made, text = create(catalogue)
    keys.recognise(catalogue, text, NOW)
    told = f"{rows(catalogue)} {made!r}"
    assert text[12:] not in told
    assert sha256(text.encode()).hexdigest() in told
    assert sha256(text.encode()).hexdigest() not in repr(made)


def test_no_secret_is_in_the_file(tmp_path: Path) -> None:
    random = bytes(range(0xA0, 0xC0))
    with closing(Catalogue.open(default_url(tmp_path))) as catalogue:
        with catalogue.writing() as connection:
            made, text = keys.create(connection, "ward 3", Role.CLINICIAN, NOW, in_turn(b"abcd", random))
        keys.recognise(catalogue, text, NOW)
        content = b"".join(path.read_bytes() for path in tmp_path.glob("catalogue.db*"))
        assert sha256(text.encode()).hexdigest().encode() in content
        for secret in (text[12:].encode(), random, random.hex().encode()):
            assert secret not in content
        assert made.id.encode() in content
