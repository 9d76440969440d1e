"""A real Chromium and a running preview."""

import os
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Without it, the test is skipped; in continuous integration it fails."""
    if CHROMIUM is None:
        assert not os.environ.get("CI"), "Chromium must be installed for the browser tests"
        pytest.skip("Chromium is not installed, so what a browser shows was not tested")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that must end without a console error and without a request to another host."""
    troubles: list[str] = []
    tab = browser.new_page(viewport={"width": 1300, "height": 900})
    tab.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    tab.on("request", lambda request: troubles.append(request.url) if _is_foreign(request.url) else None)
    yield tab
    tab.close()
    assert troubles == []


def _is_foreign(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "data:", "file:"))


class Servers:
    """`serve(folder, *options)` starts `aetia preview` on a deck and returns the page's address; `stop()` ends all."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[str]] = []

    def __call__(self, folder: Path, *options: str, cwd: Path | None = None, **surroundings: str) -> str:
        aetia = str(Path(sysconfig.get_path("scripts")) / "aetia")
        command = [aetia, "preview", str(folder), "--no-browser", *options]
        own = {name: value for name, value in os.environ.items() if name not in ("EDITOR", "VISUAL")}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
                                   env=own | surroundings)  # fmt: skip
        self._running.append(process)
        assert process.stdout
        return next(word for word in process.stdout.readline().split() if word.startswith("http://"))

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C in the last preview. Return its exit code and its output."""
        process = self._running.pop()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=10)[1]
        return process.returncode, said

    def stop(self) -> None:
        """End every preview."""
        for process in self._running:
            process.terminate()
            process.communicate(timeout=10)
        self._running.clear()


@pytest.fixture
def serve() -> Iterator[Servers]:
    """See `Servers`."""
    servers = Servers()
    yield servers
    servers.stop()
