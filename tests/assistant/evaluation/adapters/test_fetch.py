"""Fetching: what arrives whole and as its checksum says is put in place in one step; else nothing is left behind."""

import gzip
import hashlib
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx2
import pytest
import zstandard

from assistant.evaluation import fetch as fetching
from assistant.evaluation.adapters import open_set
from assistant.evaluation.adapters.beir import open_beir
from assistant.evaluation.errors import FetchFailed
from assistant.evaluation.fetch import fetch, published
from assistant.evaluation.sets import RetrievalSet
from assistant.evaluation.unpacking import Limits
from tests.assistant.evaluation.adapters.writing import tar
from tests.corpus.connectors.serving import Answer, Script, Stage, cut_off, reply, reset

BEIR = {
    "made-up/corpus.jsonl": b'{"_id": "d1", "title": "t", "text": "x"}\n',
    "made-up/queries.jsonl": b'{"_id": "q1", "text": "x?"}\n',
    "made-up/qrels/test.tsv": b"query-id\tcorpus-id\tscore\nq1\td1\t1\n",
}


def zipped(members: dict[str, bytes], mode: int = 0, flag: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    packed = bytearray(out.getvalue())
    if flag:  # the library writes no encrypted member, so the bit is set in both headers
        packed[6] |= flag
        packed[packed.index(b"PK\x01\x02") + 8] |= flag
    return bytes(packed)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with httpx2.Client(trust_env=False, timeout=5.0) as opened:
        yield opened


def fetched(
    client: httpx2.Client,
    place: Path,
    *answers: Answer,
    checksum: str,
    name: str = "set.zip",
    stage: Stage | None = None,
    limits: Limits | None = None,
) -> Script:
    """Fetch what a server answers with; the server, to ask it what it was asked."""
    with Script(*answers) as script:
        timing = (stage or Stage()).timing
        fetch(f"{script.url}sets/{name}", checksum, place, client, limits=limits or Limits(), timing=timing)
    return script


def refusal(client: httpx2.Client, place: Path, *answers: Answer, checksum: str, **more: object) -> str:
    """What is said of a fetch that fails, having checked that nothing is left behind."""
    before = sorted(place.parent.iterdir())
    with pytest.raises(FetchFailed) as failed:
        fetched(client, place, *answers, checksum=checksum, **more)  # type: ignore[arg-type]
    assert sorted(place.parent.iterdir()) == before
    return str(failed.value)


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_an_archive_is_put_in_place_and_can_be_opened(client: httpx2.Client, tmp_path: Path, algorithm: str) -> None:
    data = zipped(BEIR)
    script = fetched(client, tmp_path / "set", reply(data), checksum=hashlib.new(algorithm, data).hexdigest().upper())
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
    found = open_set(f"beir:{tmp_path / 'set'}")
    assert isinstance(found, RetrievalSet)
    assert found.relevant == {"q1": {"d1": 1}}
    assert script.asked[0].headers["Accept-Encoding"] == "identity"
    assert not stat.S_IMODE((tmp_path / "set").stat().st_mode) & stat.S_IWOTH


@pytest.mark.parametrize(
    ("data", "name", "held"),
    [
        (tar({"a/x": "1", "b/y": "2"}), "set.tar", {"a/x": b"1", "b/y": b"2"}),
        (gzip.compress(tar({"a/x": "1", "a/b/y": "2"}), mtime=0), "set.tgz", {"x": b"1", "b/y": b"2"}),
        (zstandard.compress(tar({"x": "1"})), "set.tar.zst", {"x": b"1"}),
        (gzip.compress(b"plain", mtime=0), "set.jsonl.gz", {"set.jsonl": b"plain"}),
        (zstandard.compress(b"plain"), "set.jsonl.zst", {"set.jsonl": b"plain"}),
        (b'{"1": 2}', "ori_pqal.json", {"ori_pqal.json": b'{"1": 2}'}),
        (b"x", "", {"data": b"x"}),
        (b"x", "..", {"data": b"x"}),
        (b"x", "a%2F..%2Fb", {"b": b"x"}),
        (zipped(BEIR), "download", {name.removeprefix("made-up/"): data for name, data in BEIR.items()}),
    ],
)
def test_what_it_is_is_told_by_content(
    client: httpx2.Client, tmp_path: Path, data: bytes, name: str, held: dict[str, bytes]
) -> None:
    place = tmp_path / "set"
    fetched(client, place, reply(data), checksum=sha256(data), name=name)
    files = {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert files == held


def test_a_wrong_checksum_leaves_nothing_behind(client: httpx2.Client, tmp_path: Path) -> None:
    data, wrong = zipped(BEIR), "0" * 64
    message = refusal(client, tmp_path / "set", reply(data), checksum=wrong)
    assert sha256(data) in message
    assert wrong in message
    assert "sets/set.zip" in message


@pytest.mark.parametrize("checksum", ["", "abc", "x" * 64, "é" * 32, "0" * 40])
def test_without_a_checksum_nothing_is_asked(client: httpx2.Client, tmp_path: Path, checksum: str) -> None:
    with Script(reply(b"x")) as script:
        with pytest.raises(FetchFailed, match="no MD5 or SHA-256"):
            fetch(f"{script.url}set.zip", checksum, tmp_path / "set", client)
        assert script.asked == []


def test_what_broke_off_is_asked_for_again_from_the_beginning(client: httpx2.Client, tmp_path: Path) -> None:
    data, stage = zipped(BEIR), Stage()
    answers = (cut_off(data, 100), reset, reply(b"", 503, Retry_After="7"), reply(data))
    script = fetched(client, tmp_path / "set", *answers, checksum=sha256(data), stage=stage)
    assert len(script.asked) == 4
    assert stage.sleeps == [1.0, 2.0, 7.0]
    assert len(open_beir(tmp_path / "set").queries) == 1


@pytest.mark.parametrize("answer", [cut_off(b"x" * 1000, 10), reset, reply(b"", 500)], ids=["cut off", "reset", "500"])
def test_what_goes_on_breaking_off_leaves_nothing_behind(client: httpx2.Client, tmp_path: Path, answer: Answer) -> None:
    stage = Stage()
    message = refusal(client, tmp_path / "set", answer, checksum="0" * 64, stage=stage)
    assert "asked 5 times" in message
    assert len(stage.sleeps) == 4


def test_a_refusal_is_taken_at_once(client: httpx2.Client, tmp_path: Path) -> None:
    stage = Stage()
    assert "HTTP status 404" in refusal(client, tmp_path / "set", reply(b"", 404), checksum="0" * 64, stage=stage)
    long = reply(b"", 503, Retry_After="9999")
    assert "asked once" in refusal(client, tmp_path / "set", long, checksum="0" * 64, stage=stage)
    assert stage.sleeps == []


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_there_already_is_left_as_it_is(client: httpx2.Client, tmp_path: Path, kind: str) -> None:
    place, data = tmp_path / "set", zipped(BEIR)
    if kind == "file":
        place.write_text("mine")
    elif kind == "folder":
        place.mkdir()
    else:
        place.symlink_to(tmp_path / "nowhere")
    with Script(reply(data)) as script:
        with pytest.raises(FetchFailed, match="there is something at"):
            fetch(f"{script.url}set.zip", sha256(data), place, client)
        assert script.asked == []
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_what_comes_to_be_there_meanwhile_is_left_as_it_is(client: httpx2.Client, tmp_path: Path) -> None:
    data, place = zipped(BEIR), tmp_path / "set"

    def slow(handler: BaseHTTPRequestHandler) -> None:
        place.mkdir()
        reply(data)(handler)

    with pytest.raises(FetchFailed, match="meanwhile"):
        fetched(client, place, slow, checksum=sha256(data))
    assert list(tmp_path.rglob("*")) == [place]


NAMES = ["../out", "a/../../out", "/tmp_out", "a\\..\\out", "C:out", "a/\nb", "x" * 2000, ".."]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pack", [zipped, tar])
def test_no_member_leaves_the_folder(
    client: httpx2.Client, tmp_path: Path, pack: Callable[[dict[str, bytes]], bytes], name: str
) -> None:
    data = pack({"good": b"1", name: b"2"})
    (tmp_path / "deep").mkdir()
    message = refusal(client, tmp_path / "deep" / "set", reply(data), checksum=sha256(data))
    assert "outside the archive" in message
    assert [path.name for path in tmp_path.rglob("*")] == ["deep"]


def special(kind: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("odd")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        special(tarfile.SYMTYPE),
        special(tarfile.LNKTYPE),
        special(tarfile.FIFOTYPE),
        special(tarfile.CHRTYPE),
        zipped({"odd": b"/etc/passwd"}, stat.S_IFLNK | 0o777),
        zipped({"odd": b"x"}, flag=1),
    ],
)
def test_links_devices_and_what_is_encrypted_are_refused(client: httpx2.Client, tmp_path: Path, data: bytes) -> None:
    assert "'odd'" in refusal(client, tmp_path / "set", reply(data), checksum=sha256(data))


@pytest.mark.parametrize(
    "data",
    [
        zipped(BEIR)[:-30],
        zipped({"a": b"x" * 99}).replace(b"PK\x01\x02", b"PK\x01\x03"),
        gzip.compress(tar({"a": b"x" * 9999}), mtime=0)[:-20],
        tar({"a": b"x" * 9999})[:3000],
        zstandard.compress(b"x" * 9999)[:-2],
        tar({"a": b"1", "a/b": b"2"}),
    ],
)
def test_damaged_archives_are_refused(client: httpx2.Client, tmp_path: Path, data: bytes) -> None:
    assert "cannot be unpacked" in refusal(client, tmp_path / "set", reply(data), checksum=sha256(data))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (tar({"a": b"1", "./a": b"2"}), "two members"),
        (zipped({}), "no file"),
        (zipped({"a": b"\0" * 100_000}), "unfolds to more than 50,000"),
        (gzip.compress(b"\0" * 100_000, mtime=0), "unfolds to more than 50,000"),
        (zipped({f"f{n}": b"" for n in range(9)}), "more than 8 files"),
        (b"x" * 20_000, "sends more than 10,000"),
    ],
)
def test_more_than_was_agreed_is_refused(client: httpx2.Client, tmp_path: Path, data: bytes, told: str) -> None:
    few = Limits(download=20_000 if b"ustar" in data else 10_000, unpacked=50_000, files=8)
    assert told in refusal(client, tmp_path / "set", reply(data), checksum=sha256(data), limits=few)


def test_redirects_stay_at_their_origin_or_lead_to_tls(client: httpx2.Client, tmp_path: Path) -> None:
    data = zipped(BEIR)
    fetched(client, tmp_path / "set", reply(b"", 302, Location="/there"), reply(data), checksum=sha256(data))
    elsewhere = reply(b"", 302, Location="http://localhost:9/x")
    assert "without TLS" in refusal(client, tmp_path / "other", elsewhere, checksum="0" * 64)
    round_and_round = reply(b"", 302, Location="/set.zip")
    assert "in circles" in refusal(client, tmp_path / "other", round_and_round, checksum="0" * 64)


def test_what_is_secret_in_an_address_is_not_repeated(client: httpx2.Client, tmp_path: Path) -> None:
    with Script(reply(b"", 404)) as script:
        address = script.url.replace("http://", "http://me:secret@") + "set.zip?key=secret"
        with pytest.raises(FetchFailed) as failed:
            fetch(address, "0" * 64, tmp_path / "set", client)
    assert "secret" not in str(failed.value)
    assert "set.zip" in str(failed.value)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a/b", "https://", "https://a\0b/"])
def test_only_addresses_of_the_web_are_asked(client: httpx2.Client, tmp_path: Path, address: str) -> None:
    with pytest.raises(FetchFailed, match="is no address"):
        fetch(address, "0" * 64, tmp_path / "set", client)


def test_a_folder_that_is_not_there_is_told(client: httpx2.Client, tmp_path: Path) -> None:
    with Script(reply(b"x")) as script, pytest.raises(FetchFailed, match="cannot be written"):
        fetch(f"{script.url}x", "0" * 64, tmp_path / "none" / "set", client)


def test_published_sets_have_all_that_is_needed(client: httpx2.Client, tmp_path: Path) -> None:
    names = [one.name for one in published()]
    assert names == sorted(set(names))
    for one in published():
        assert httpx2.URL(one.url).scheme == "https"
        assert len(one.checksum) in (32, 64)
        assert set(one.checksum) <= set("0123456789abcdef")
        assert one.licence
        assert one.what
    with pytest.raises(FetchFailed, match="beir-scifact"):
        fetch("beir-nothing", "", tmp_path / "set", client)


def test_a_published_set_is_fetched_by_name_with_its_own_checksum(
    client: httpx2.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = zipped(BEIR)
    with Script(reply(data)) as script:
        entry = fetching.Published("mine", f"{script.url}set.zip", sha256(data), "none", "invented")
        monkeypatch.setattr(fetching, "published", lambda: (entry,))
        assert fetch("mine", "", tmp_path / "set", client) == tmp_path / "set"
    assert len(open_beir(tmp_path / "set").queries) == 1
