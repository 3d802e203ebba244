"""What an operator names, expanded: folders, patterns and archives give every file once, and nothing stops the rest."""

import gzip
import hashlib
import io
import os
import pickle
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import zstandard

from corpus import archives, sources
from corpus.errors import UnreadableSource
from corpus.sources import STARTER, SourceFile, count, files, is_passed_over, starter_files
from corpus.types import Problem

PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".tar": lambda data: data,
    ".tar.gz": gzip.compress,
    ".tgz": gzip.compress,
    ".tar.zst": zstandard.compress,
}


def tar(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A tar archive of some files."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def names(*paths: Path | str) -> list[str]:
    """The names of the files found, a problem as "! reason"; having checked that they were counted."""
    found = list(files(paths))
    assert count(paths) == len(found)
    return [f"! {one.reason}" if isinstance(one, Problem) else one.name for one in found]


def under(folder: Path, *paths: Path | str) -> list[str]:
    return [name.removeprefix(f"{folder}/") for name in names(*paths)]


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    put(tmp_path, "b.nxml", "a/z.pdf", "a/b/c.ris", "c.xml.gz")
    assert under(tmp_path, tmp_path) == ["a/b/c.ris", "a/z.pdf", "b.nxml", "c.xml.gz"]


@pytest.mark.parametrize(
    "name",
    """.hidden.xml .git/config.xml __MACOSX/a.xml a.png a.JPG style.css pubmed26n0001.xml.gz.md5 notes.md~ README.md
    LICENSE licence.txt table.csv retractions.tsv a.png.gz""".split(),
)
def test_what_is_hidden_or_no_document_is_passed_over(name: str, tmp_path: Path) -> None:
    put(tmp_path, name, "a.xml")
    assert under(tmp_path, tmp_path) == ["a.xml"]
    (tmp_path / "all.tar").write_bytes(tar([(f"x/{name}", b"")]))
    assert names(tmp_path / "all.tar") == []


@pytest.mark.parametrize("name", ["a.docx", "a.txt", "a.xyz", "article", "a.zip", "licensed.xml", "read.me"])
def test_what_may_be_a_document_is_not_passed_over(name: str, tmp_path: Path) -> None:
    put(tmp_path, name)
    assert under(tmp_path, tmp_path) == [name]


@pytest.mark.parametrize("name", [".hidden.xml", "README.md", "a.png"])
def test_what_is_named_is_never_passed_over(name: str, tmp_path: Path) -> None:
    put(tmp_path, name)
    assert under(tmp_path, tmp_path / name) == [name]


def test_the_folder_that_is_named_may_be_hidden(tmp_path: Path) -> None:
    put(tmp_path, ".corpus/a.xml")
    assert under(tmp_path, tmp_path / ".corpus") == under(tmp_path, f"{tmp_path}/.corpus/*") == [".corpus/a.xml"]


def test_a_pattern_gives_what_it_matches(tmp_path: Path) -> None:
    put(tmp_path, "b.xml", "a.xml", "a.pdf", "README.xml", "deep/er/c.xml", "x[1].xml")
    assert under(tmp_path, f"{tmp_path}/*.xml") == ["a.xml", "b.xml", "x[1].xml"]
    assert under(tmp_path, f"{tmp_path}/**/c.xml") == ["deep/er/c.xml"]
    assert under(tmp_path, f"{tmp_path}/d*") == ["deep/er/c.xml"]
    assert under(tmp_path, f"{tmp_path}/x[1].xml") == ["x[1].xml"], "a file of that very name comes first"


def test_a_file_named_twice_is_given_once(tmp_path: Path) -> None:
    put(tmp_path, "a.xml")
    assert under(tmp_path, tmp_path / "a.xml", f"{tmp_path}/*.xml") == ["a.xml"]


@pytest.mark.parametrize("path", ["missing.xml", "missing/", "*.nothing"])
def test_nothing_at_a_path_is_an_error_before_any_file_is_given(path: str, tmp_path: Path) -> None:
    put(tmp_path, "a.xml")
    found = files([tmp_path / "a.xml", f"{tmp_path}/{path}"])
    with pytest.raises(UnreadableSource, match=r"there is nothing at .*(missing|nothing).*; name a file, folder"):
        next(found)


@pytest.mark.parametrize("suffix", PACKED)
def test_members_of_an_archive_are_given_one_by_one(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"all{suffix}"
    path.write_bytes(PACKED[suffix](tar([("b.xml", b"B"), ("x/a.xml", b"A")])))
    first, second = files([tmp_path])
    assert isinstance(first, SourceFile)
    assert isinstance(second, SourceFile)
    assert (first.name, first.read()) == (f"{path}:b.xml", b"B")
    assert (second.name, second.read()) == (f"{path}:x/a.xml", b"A")
    assert count([path]) == 2


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.5, 0.7, 0.9])
def test_a_truncated_archive_keeps_what_came_before_and_says_so(suffix: str, share: float, tmp_path: Path) -> None:
    members = [(f"{number}.xml", os.urandom(100_000)) for number in range(10)]
    whole = PACKED[suffix](tar(members))
    path = tmp_path / f"all{suffix}"
    path.write_bytes(whole[: int(len(whole) * share)])
    *kept, problem = files([path])
    assert isinstance(problem, Problem)
    assert problem.file == str(path)
    assert "fetch it again" in problem.reason
    assert problem.place == (f"after {len(kept) - 1}.xml" if kept else "after its beginning")
    assert [one.read() for one in kept if isinstance(one, SourceFile)] == [data for _, data in members[: len(kept)]]
    assert len(kept) >= int(10 * share) - 2, "but for the block that the end cuts"


def test_an_archive_cut_between_two_members_is_noticed(tmp_path: Path) -> None:
    """Where nothing but the missing end mark shows it."""
    path = tmp_path / "all.tar"
    path.write_bytes(tar([("a.xml", b"A"), ("b.xml", b"B")])[:1024])
    assert [type(one) for one in files([path])] == [SourceFile, Problem]


def test_what_is_no_archive_but_is_called_one_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "a.tar", "b.tar.zst", "c.xml")
    assert [name.partition(" ")[0] for name in names(tmp_path)] == ["!", "!", f"{tmp_path}/c.xml"]


def test_links_devices_and_folders_in_an_archive_are_no_files(tmp_path: Path) -> None:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, kind in (("l.xml", tarfile.SYMTYPE), ("d.xml", tarfile.DIRTYPE), ("f.xml", tarfile.FIFOTYPE)):
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = "/etc/passwd"
            archive.addfile(member)
    (tmp_path / "all.tar").write_bytes(written.getvalue())
    assert names(tmp_path) == []


def test_a_member_larger_than_any_document_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    (tmp_path / "all.tar").write_bytes(tar([("big.xml", b"x" * 1001), ("a.xml", b"x" * 1000)]))
    big, small = files([tmp_path])
    assert isinstance(big, Problem)
    assert big.file.endswith("all.tar:big.xml")
    assert isinstance(small, SourceFile)


def test_a_file_that_unfolds_beyond_all_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_BYTES", 1_000_000)
    (tmp_path / "bomb.xml.gz").write_bytes(gzip.compress(b" " * 1_000_001))
    with pytest.raises(UnreadableSource, match=r"bomb\.xml\.gz holds more than 1,000,000 bytes"):
        SourceFile("bomb.xml.gz", tmp_path / "bomb.xml.gz").read()


def test_a_pipe_is_not_waited_for_and_a_broken_link_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    (tmp_path / "gone.xml").symlink_to(tmp_path / "nowhere.xml")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert all(name.startswith("! no regular file") for name in names(tmp_path))
    assert names(tmp_path / "pipe.xml") == ["! no regular file; links to folders are not followed, name the folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "closed/a.xml", "open/b.xml")
    (tmp_path / "closed").chmod(0)
    try:
        assert [name[0] for name in names(tmp_path)] == ["!", "/"]
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_a_name_of_any_bytes_can_be_printed_and_stored(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/bad\xff\n\x1b[31m.xml"
    with open(path, "wb") as file:
        file.write(b"<a/>")
    (name,) = names(tmp_path)
    assert name.encode().decode() == name
    assert "\x1b" not in name


class TestSourceFile:
    CONTENT = "---\nid: a\n---\nµg\n".encode()

    @pytest.fixture(params=["disk", "memory"])
    def plain(self, request: pytest.FixtureRequest, tmp_path: Path) -> SourceFile:
        return self.made(request.param, self.CONTENT, tmp_path)

    @pytest.fixture(params=["disk", "memory"])
    def zipped(self, request: pytest.FixtureRequest, tmp_path: Path) -> SourceFile:
        return self.made(request.param, gzip.compress(self.CONTENT, mtime=0), tmp_path)

    def made(self, where: str, content: bytes, folder: Path) -> SourceFile:
        if where == "memory":
            return SourceFile("a.md", None, content)
        path = folder / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        return SourceFile("a.md", path)

    def test_content(self, plain: SourceFile, zipped: SourceFile) -> None:
        for file in (plain, zipped):
            with file.open() as stream:
                assert stream.read(4) == b"---\n"
            assert file.read() == self.CONTENT
            assert file.text() == self.CONTENT.decode()

    def test_the_digest_is_of_what_is_stored(self, plain: SourceFile, zipped: SourceFile) -> None:
        assert plain.sha256() == hashlib.sha256(self.CONTENT).hexdigest()
        assert zipped.sha256() == hashlib.sha256(gzip.compress(self.CONTENT, mtime=0)).hexdigest()

    def test_it_travels_between_processes(self, plain: SourceFile) -> None:
        sent = pickle.loads(pickle.dumps(plain))
        assert sent == plain
        assert sent.read() == plain.read()

    @pytest.mark.parametrize(
        ("content", "text"),
        [("\ufeffé".encode(), "é"), ("é".encode("utf-16"), "é"), (b"\xfe\xff\x00\xe9", "é"), (b"", "")],
    )
    def test_byte_order_marks_are_obeyed(self, content: bytes, text: str) -> None:
        assert SourceFile("a", None, content).text() == text

    def test_what_is_not_utf_8_is_told(self) -> None:
        with pytest.raises(UnreadableSource, match=r"a\.md is not UTF-8 text .*save it as UTF-8"):
            SourceFile("a.md", None, "µg".encode("latin-1")).text()


def test_the_built_in_corpus_is_reachable() -> None:
    first, *others = starter_files()
    assert first == STARTER / "references.json"
    assert len(others) >= 15
    assert all(path.suffix == ".md" and path.is_file() for path in others)
    assert [name for name in names(STARTER / "articles") if not name.endswith(".md")] == []
    assert len(names(STARTER / "articles")) == len(others)


@pytest.mark.parametrize(("name", "expected"), [("./a.xml", False), ("../a.xml", False), ("a/.b/c.xml", True)])
def test_a_dot_alone_hides_nothing(name: str, expected: bool) -> None:
    assert is_passed_over(name) is expected
