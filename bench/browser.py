"""The need map in a real browser: first plot, profile and slider for cities of several sizes.

`python -m bench.browser 30 150 600` prints the table of docs/scale.md.

Chromium draws in software, as on a thin client. Each figure is the median of ROUNDS pages opened anew.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.measure import ROOT
from bench.reruns import serving

ROUNDS = 5
AREAS_A_DISTRICT = 10
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
HEADING = "document.querySelector('.atlas-title h1')"
PLOTTED = "document.querySelectorAll('.choroplethlayer path[d]').length >= {districts}"
FILLS = "[...document.querySelectorAll('.choroplethlayer path')].map(path => getComputedStyle(path).fill).join()"
AT_REST = "document.querySelector('[data-test-script-state=\"notRunning\"]') && !document.querySelector('[data-stale=\"true\"]')"


def city_of(districts: int, folder: Path) -> None:
    """A database whose sample city has that many districts."""
    data = folder / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("*.duckdb*", "current.json", "inbox"))
    environment = {**os.environ, "ATLAS_DATA": str(data)}
    files = folder / "files"
    sizes = ["--districts", str(districts), "--areas", str(districts * AREAS_A_DISTRICT), "--seed", "5"]
    subprocess.run([sys.executable, "-m", "etl", "sample", str(files), *sizes], cwd=ROOT, env=environment, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "etl", "import", *sorted(map(str, files.iterdir()))], cwd=ROOT, env=environment, check=True, capture_output=True)


def measured(browser: Browser, port: int, districts: int) -> dict[str, float]:
    """Seconds from the heading to the drawn map, from a touch to the profile, from a slider to the moved map; bytes a slider move brings."""
    address = f"http://127.0.0.1:{port}/need_map"
    plot = PLOTTED.format(districts=districts)
    found: dict[str, list[float]] = {"first_plot": [], "profile": [], "slider": [], "bytes": []}
    for _ in range(ROUNDS):
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="ja-JP")
        page.add_init_script(
            f"window.seen = {{}}; const look = () => {{ const now = performance.now(); if (!seen.heading && {HEADING}) seen.heading = now;"
            f" if (!seen.plot && {plot}) seen.plot = now; if (!seen.plot) requestAnimationFrame(look); }}; requestAnimationFrame(look);"
        )
        page.goto(address)
        page.wait_for_function("window.seen.plot && window.seen.heading", timeout=120_000)
        seen = page.evaluate("window.seen")
        found["first_plot"].append((seen["plot"] - seen["heading"]) / 1000)
        rest(page)
        found["profile"].append(_touch(page, districts))
        page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="ja-JP")
        received: list[int] = []
        page.on("websocket", lambda socket, into=received: socket.on("framereceived", lambda data: into.append(len(data))))
        page.goto(f"{address}?indicator=index")
        page.wait_for_function(plot, timeout=120_000)
        rest(page)
        received.clear()
        found["slider"].append(_slide(page))
        rest(page)
        found["bytes"].append(sum(received))
        page.close()
    return {name: statistics.median(values) for name, values in found.items()}


def rest(page: Page) -> None:
    """Wait until the script is done and nothing is drawn any more."""
    page.wait_for_function(AT_REST, timeout=60_000)
    page.wait_for_timeout(1500)


def _touch(page: Page, districts: int) -> float:
    box = page.locator(".choroplethlayer path").nth(districts // 3).bounding_box()
    assert box is not None
    before = page.locator(".need-profile").inner_text()
    page.evaluate("before => { window.before = before; window.touched = performance.now(); }", before)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("document.querySelector('.need-profile').innerText !== window.before", timeout=30_000, polling=20)
    return float(page.evaluate("(performance.now() - window.touched) / 1000"))


def _slide(page: Page) -> float:
    before = page.evaluate(FILLS)
    page.locator('[data-testid="stSlider"] input').first.focus()
    started = time.perf_counter()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"before => {FILLS} !== before", arg=before, timeout=30_000, polling=20)
    return time.perf_counter() - started


def main(sizes: list[int]) -> None:
    """Print the table for these numbers of districts."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    print("| districts | heading to drawn map, s | touch to profile, s | slider to moved map, s | kB a slider move |\n|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        for districts in sizes:
            with tempfile.TemporaryDirectory() as place:
                city_of(districts, Path(place))
                with serving(ROOT / "dashboard.py", ATLAS_DATA=str(Path(place) / "data")) as server:
                    one = measured(browser, server.port, districts)
            print(f"| {districts} | {one['first_plot']:.1f} | {one['profile']:.2f} | {one['slider']:.2f} | {one['bytes'] / 1000:.1f} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [30, 150, 600])
