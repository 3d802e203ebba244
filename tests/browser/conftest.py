"""A real browser before a real server. Skipped, with the reason, where there is no chromium or no playwright."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="browser tests need playwright: pip install playwright")

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

from api.app import create_app
from tests.api.http.listening import listening
from tests.api.http.small import ENCODER, service_at
from tests.browser.library import DOCUMENTS
from tests.tiny import snapshot_of

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 20_000
"""Milliseconds that a test waits for anything."""

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")  # while it is there an event loop runs, which tests of other files cannot bear
def browser() -> Iterator[Browser]:
    """One chromium for the tests of a file; every test opens contexts of its own."""
    if CHROMIUM is None:
        pytest.skip("browser tests need chromium; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages: open_page(url, width=390, dark=True, scripts=False, touch=True).

    No page may complain in its console.
    """
    complaints = list[str]()

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "the server responded with a status" not in message.text:
            complaints.append(message.text)

    def fault(error: Error) -> None:
        complaints.append(str(error))

    with ExitStack() as stack:

        def opened(
            url: str,
            *,
            width: int = 1280,
            dark: bool = False,
            scripts: bool = True,
            touch: bool = False,
            **more: Any,
        ) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 860},
                color_scheme="dark" if dark else "light",
                java_script_enabled=scripts,
                has_touch=touch,
                is_mobile=touch,
                **more,
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            page.on("console", heard)
            page.on("pageerror", fault)
            page.goto(url)
            return page

        yield opened
    assert not complaints


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service without keys over the tiny library."""
    home = tmp_path_factory.mktemp("site")
    snapshot_of(DOCUMENTS, home, ENCODER).close()
    service = service_at(home)
    with listening(create_app(service, keys_asked=False)) as port:
        yield f"http://127.0.0.1:{port}"
    service.catalogue.close()
