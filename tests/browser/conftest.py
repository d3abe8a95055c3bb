"""A browser, and finished pages to open in it: HTML editions of several themes, in both languages.

Where no Chromium is installed these tests are left out; in CI it must be there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from briefings.archive import Archive
from briefings.cli.main import run

ROOT = Path(__file__).parents[2]
BUILT = (("world_economy", "china"), ("markets", "china"), ("compare", "seven_places"), ("development", "hohhot"))
WIDTHS = {"phone": 390, "tablet": 820, "desk": 1440}


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """`theme language` -> the folder of the edition. Built once, whichever process of the tests comes first."""
    shared = tmp_path_factory.getbasetemp()
    shared = (shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared) / "browser"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        project = shared / "project"
        if not project.exists():
            for folder in ("config", "seeds", "data/inputs"):
                shutil.copytree(ROOT / folder, project / folder)
            at = ["--project", str(project), "--now", "2026-11-21T08:00+08:00", "-q"]
            assert run([*at, "ingest"]) == 0
            for theme, place in BUILT:
                assert run([*at, "build", theme, "--place", place]) == 0
    found = Archive(project / "data/editions").editions()
    return {f"{edition.key.theme} {edition.key.language}": edition.folder for edition in found}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, as the system has it: none is downloaded."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: .ci/chromium installs it")
        pytest.skip("needs Chromium")
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


Open = Callable[..., Any]


@pytest.fixture
def visit(browser: Any, editions: Mapping[str, Path]) -> Iterator[Open]:
    """Open an edition's page: `visit("markets en", "phone", color_scheme="dark", java_script_enabled=False ...)`.

    Whatever is done there, nothing but the file itself may be asked for, and the console stays empty.
    """
    contexts, asked, told = [], [], []

    def open_page(edition: str, device: str = "desk", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": WIDTHS[device], "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto((editions[edition] / "briefing.html").as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert told == []
    assert [url.partition("?")[0].rpartition("/")[2] for url in asked if not url.startswith(("data:", "blob:"))] == [
        "briefing.html"
    ] * len(contexts)
