"""What holds for every test: laws are tried without a clock, and nobody's own index is touched."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

if "PYTEST_XDIST_WORKER" in os.environ:  # on two cores two workers of two threads each take 2.6 times as long
    os.environ["OMP_NUM_THREADS"] = "1"

# From what Hypothesis chose for this machine (in CI: the same examples every time). No deadline: two busy cores.
settings.register_profile("sequitur", settings(), deadline=None)
settings.load_profile("sequitur")


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # without type information
    """A file goes to one worker as a whole, for its tests share costly fixtures; so does all of tests/quality."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/quality" if nodeid.startswith("tests/quality/") else nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(scope="session", autouse=True)
def no_foreign_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No network to a model hub, and an empty home unless SEQUITUR_HOME names one on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        if "SEQUITUR_HOME" not in os.environ:
            patch.setenv("SEQUITUR_HOME", str(tmp_path_factory.mktemp("home")))
        yield
