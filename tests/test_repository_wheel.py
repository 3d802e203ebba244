"""The wheel: it holds the rooms and nothing else, and works where there is no checkout and no network."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from assistant.policy import disclaimer

ROOT = Path(__file__).parents[1]
ROOMS = ("corpus", "indexer", "assistant", "api")
QUESTION = "What is the first-line treatment for myositis?"


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path = ROOT) -> str:
    """What a command printed; the test fails with all of it when the command does."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def would_be_committed() -> list[str]:
    listing = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return sorted(name for name in listing.split("\0") if name and (ROOT / name).is_file())


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of what would be committed, built outside the checkout."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in would_be_committed():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    run(*pip, "--wheel-dir", built, source)
    (found,) = built.glob("*.whl")
    return found


def test_the_wheel_holds_the_rooms_and_nothing_else(wheel: Path) -> None:
    expected = {name for name in would_be_committed() if name.split("/")[0] in ROOMS}
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = [name for name in archive.namelist() if name.endswith(".dist-info/licenses/LICENSE")]
    assert held == expected
    assert len(licences) == 1


def test_the_wheel_holds_what_is_read_at_run_time(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        held = archive.namelist()
    for name in ("corpus/references.json", "corpus/vocabulary.yaml", "corpus/policy/disclaimer.md"):
        assert name in held
    assert sum(name.startswith("corpus/articles/") for name in held) >= 16


@pytest.mark.slow
def test_the_wheel_answers_in_a_new_environment_without_a_network(wheel: Path, tmp_path: Path) -> None:
    venv, home, elsewhere = tmp_path / "venv", tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    run(sys.executable, "-m", "venv", venv)
    run(venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", wheel)
    env = {"PATH": os.defpath, "HOME": str(home), "HF_HUB_OFFLINE": "1", "LANG": "C.UTF-8"}
    env |= dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")  # nobody listens there
    sequitur = venv / "bin" / "sequitur"
    assert "0.1.0" in run(sequitur, "--version", env=env, cwd=elsewhere)
    run(sequitur, "index", "build", env=env, cwd=elsewhere)
    answer = json.loads(run(sequitur, "ask", "--json", QUESTION, env=env, cwd=elsewhere))
    assert answer["outcome"] == "answered"
    assert answer["disclaimer"] == disclaimer().text
    assert all(statement["citations"] for statement in answer["statements"])
    assert list(elsewhere.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not Path(sys.prefix, "bin", "sequitur").exists(), reason="sequitur is not installed here")
def test_make_ask_answers_a_question_with_every_kind_of_quotation_mark(tmp_path: Path) -> None:
    """The README's first command, in the environment that runs this test."""
    env = {**os.environ, "SEQUITUR_HOME": str(tmp_path)}
    stamp = f"{sys.prefix}/.installed"
    question = """What's the "first-line" treatment for myositis, $HOME or `not` \\ $(elsewhere)?"""
    shown = run("make", "-o", stamp, f"VENV={sys.prefix}", "ask", f"Q={question}", env=env)
    assert " ".join(disclaimer().text.split()[:5]) in " ".join(shown.split())
