"""A real Chromium and a real Streamlit, shared by all tests that need eyes.

`served(app)` starts an app once and gives its address; `visit(address)` opens a page that may only ask
that host, and fails the test on anything else, on an error in the console and on an uncaught exception.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
APPS = Path(__file__).parent / "apps"
AS_MAKE_RUN = ("as make run",)
"""Instead of options: the dashboard started by `python -m atlas serve`, as `make run` does."""
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Watch:
    """What a page asked for and complained about."""

    host: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def foreign(self) -> list[str]:
        """Requests to any other host."""
        return [url for url in self.requests if self.is_foreign(url)]

    def is_foreign(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.host


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's where there is one, else Playwright's own."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """served(app, *options, environment={...}) -> address; one server per app and options, stopped at the end."""
    running: dict[object, tuple[str, subprocess.Popen[bytes]]] = {}

    def serve(app: str | Path, *options: str, environment: dict[str, str] | None = None) -> str:
        sort = (str(app), options, tuple(sorted((environment or {}).items())))
        if sort not in running:
            place = tmp_path_factory.mktemp("server")
            running[sort] = start_server(with_scripts(Path(app), place), options, environment or {}, place / "log.txt")
        return running[sort][0]

    yield serve
    for _, process in running.values():
        process.terminate()
    for _, process in running.values():
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def with_scripts(app: Path, place: Path) -> Path:
    """A trial app copied to a place where the project's scripts lie beside it, as they do beside the dashboard."""
    if app.parent != APPS:
        return app
    shutil.copytree(APPS, place / "apps")
    shutil.copytree(ROOT / "static" / "scripts", place / "apps" / "static" / "scripts")
    return place / "apps" / app.name


def start_server(app: Path, options: tuple[str, ...], environment: dict[str, str], log: Path) -> tuple[str, subprocess.Popen[bytes]]:
    """Start Streamlit on a free port and wait until it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if options == AS_MAKE_RUN:
        command = [sys.executable, "-m", "atlas", "serve", "--port", str(port)]
    else:
        command = [sys.executable, "-m", "streamlit", "run", str(app)]
        command += ["--server.headless", "true", "--server.port", str(port), "--server.address", "127.0.0.1"]
        command += ["--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none", *options]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths, **environment}, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return address, process
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"Streamlit did not start {app}:\n{log.read_text(errors='replace')[-3000:]}")


def is_probe(message: ConsoleMessage) -> bool:
    """Streamlit looks for its server below a deep link's path first (/trends/_stcore/health), and gets a 404 from itself."""
    return "404" in message.text and "/_stcore/" in message.location.get("url", "")


def watch(context: BrowserContext, host: str) -> Watch:
    """Record every request and complaint of a context; what would go to another host is stopped."""
    seen = Watch(host)

    def check(route: Route) -> None:
        if seen.is_foreign(route.request.url):
            route.abort()
        else:
            route.continue_()

    def listen(page: Page) -> None:
        page.on("console", lambda message: seen.complaints.append(message.text) if message.type == "error" and not is_probe(message) else None)
        page.on("pageerror", lambda problem: seen.complaints.append(str(problem)))
        page.on("websocket", lambda socket: seen.requests.append(socket.url))

    context.on("request", lambda request: seen.requests.append(request.url))
    context.on("page", listen)
    context.route("**/*", check)
    return seen


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """visit(address, width=1280, height=900, dark=False, **context options) -> page, watched to the end of the test."""
    with visits(browser) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def shared_visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """As `visit`, for a page that several tests of a module only read; watched to the end of the module."""
    with visits(browser) as open_page:
        yield open_page


@contextmanager
def visits(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open watched pages; at the end close them and fail on another host asked or an error in the console."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(address: str, *, width: int = 1280, height: int = 900, dark: bool = False, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale="ja-JP",
            **options,  # type: ignore[arg-type]
        )
        opened.append((context, watch(context, urlsplit(address).netloc)))
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context, _ in opened:
        context.close()
    foreign = sorted({url for _, seen in opened for url in seen.foreign})
    complaints = [text for _, seen in opened for text in seen.complaints]
    assert not foreign, f"another host was asked: {foreign}"
    assert not complaints, f"the browser complained: {complaints}"
