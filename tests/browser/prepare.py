"""Brings what the browser tests need: a Chromium and a font with Japanese letters.

Those on the machine are taken; else Debian's packages (as root, or with sudo that asks nothing); else Playwright's own
download. `make test` runs this before the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def has_browser() -> bool:
    """A Chromium on the PATH, or the one Playwright downloaded before."""
    if any(shutil.which(name) for name in BROWSERS):
        return True
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


def has_japanese_font() -> bool:
    """Does fontconfig know a font with Japanese letters? Windows and macOS always have one."""
    if sys.platform in ("win32", "darwin"):
        return True
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=ja", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def from_debian(packages: list[str]) -> bool:
    """Install Debian packages by name; False where that is not possible."""
    if not shutil.which("apt-get"):
        return False
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    before = [] if is_root else ["sudo", "-n"]
    if before and not shutil.which("sudo"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        if subprocess.run([*before, "apt-get", *step], env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    return True


def main() -> int:
    """Install what is missing; 1 with a sentence when it cannot be had."""
    missing = [package for package, there in (("chromium", has_browser()), ("fonts-noto-cjk", has_japanese_font())) if not there]
    if missing:
        print(f"Installing for the browser tests: {', '.join(missing)}", flush=True)
        from_debian([*missing, "fontconfig"] if "fonts-noto-cjk" in missing else missing)
    if not has_browser():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not has_browser():
        print("The browser tests need Chromium. Install it (Debian: apt-get install chromium), then run make test again.", file=sys.stderr)
        return 1
    if not has_japanese_font():
        print("The browser tests need a font with Japanese letters (Debian: apt-get install fonts-noto-cjk).", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
