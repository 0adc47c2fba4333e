"""A real Chromium before a real server. Where there is no Chromium these tests say so and are left out."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from network.models import User
from tests.conftest import signed_in

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread of the test; nothing is shared

expect.set_options(timeout=20_000)  # a busy machine is no fault of the page
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WIDTHS = [390, 1280]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def page(request, chromium: Browser, live_server, tmp_path) -> Iterator[Page]:
    """A page that must stay silent: any console message or policy violation fails the test."""
    context = chromium.new_context(
        viewport={"width": request.param, "height": 900}, locale="es-HN", base_url=live_server.url
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}") if _matters(message) else None)
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
    )
    yield page
    page.wait_for_load_state("networkidle")  # nothing may still be asking when the tables are emptied
    context.close()
    assert not said


def _matters(message: ConsoleMessage) -> bool:
    """Everything but Chromium's remark that the page asked for itself answered 404 or 422, which the test knows."""
    own_address = message.location.get("url") == (message.page.url if message.page else "")
    return not (own_address and message.text.startswith("Failed to load resource"))


def enter_as(page: Page, user: User) -> None:
    """Signed in with whatever this person needs, without the way there, which tests of its own walk."""
    cookie = signed_in(user).cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "localhost", "path": "/"}])
