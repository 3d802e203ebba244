"""What holds for every test: laws are tried without a clock, and nobody's own index is touched."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

if "PYTEST_XDIST_WORKER" in os.environ:  # on two cores two workers of two threads each take 2.6 times as long
    os.environ["OMP_NUM_THREADS"] = "1"

# From what Hypothesis chose for this machine (in CI: the same examples every time). No deadline: two busy cores.
settings.register_profile("sequitur", settings(), deadline=None)
settings.load_profile("sequitur")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shares costly fixtures goes to one worker, where there are several: a file, or all of tests/quality."""
    for item in items:
        group = "quality" if "quality" in item.path.parts else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session", autouse=True)
def no_foreign_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No network to a model hub, and an empty home unless SEQUITUR_HOME names one on purpose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        if "SEQUITUR_HOME" not in os.environ:
            patch.setenv("SEQUITUR_HOME", str(tmp_path_factory.mktemp("home")))
        yield
