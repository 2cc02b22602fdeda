"""`make check-office`: the shipped stories as decks, opened by LibreOffice and turned into pages; every title, source and value label must be on them.

Not part of `make test`: needs Debian's libreoffice-impress, poppler-utils and fonts-noto-cjk. The pages are left as PNG files, to be looked at.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from pptx import Presentation

from atlas.exhibits.context import Context
from atlas.figures.look import Look
from atlas.store.database import open_store
from atlas.stories.deck import deck_bytes
from atlas.stories.model import Shown
from atlas.stories.shipped import shipped
from atlas.stories.telling import told
from atlas.texts import texts
from catalog.folder import data_folder

NEEDED = {"soffice": "libreoffice-impress", "pdftoppm": "poppler-utils", "pdftotext": "poppler-utils", "fc-list": "fontconfig"}
ADDRESS = "https://atlas.example.jp/"
FONTS = ("Yu Gothic", "Segoe UI")
NUMBER = re.compile(r"\d+(?:\.\d+)?%")
SECONDS = 240


def missing() -> list[str]:
    """Debian packages that are not there."""
    found = [package for command, package in NEEDED.items() if shutil.which(command) is None]
    if not found and "Noto Sans CJK JP" not in subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout:
        found.append("fonts-noto-cjk")
    return sorted(set(found))


def fonts_file(folder: Path) -> Path:
    """Fontconfig's rule that the deck's fonts are drawn with Noto Sans CJK JP, which is about as wide."""
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{font}</string></test>'
        '<edit name="family" mode="assign" binding="strong"><string>Noto Sans CJK JP</string></edit></match>'
        for font in FONTS
    )
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{rules}</fontconfig>',
        "utf-8",
    )
    return path


def pages(deck: Path, folder: Path) -> list[str]:
    """The text of every page as LibreOffice lays it out, without its spaces; PNG files are left beside the deck."""
    surroundings = os.environ | {"FONTCONFIG_FILE": str(fonts_file(folder))}
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(deck.parent), str(deck)]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS, env=surroundings)
    pdf = deck.with_suffix(".pdf")
    subprocess.run(["pdftoppm", "-r", "80", "-png", str(pdf), str(deck.with_suffix(""))], check=True, timeout=SECONDS)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True, timeout=SECONDS).stdout
    return [spaceless(page) for page in text.split("\f")[:-1]]


def spaceless(text: str) -> str:
    """Without white space: lines are broken where the page ends."""
    return re.sub(r"\s+", "", text)


def lines_of(text: str) -> list[str]:
    """Parts of a text that lie on one line each wherever it is broken: single words or short runs of letters."""
    return [spaceless(one) for one in re.findall(r"[A-Za-z0-9.%]+|[^\sA-Za-z0-9.%]{1,3}", text)]


def problems(page: str, one: Shown, drawn: list[str]) -> list[str]:
    """What should stand on a page and does not. drawn: the labels of its charts."""
    found = []
    for what, text in [("title", one.title), *(("source", line) for line in one.exhibit.sources)]:
        if spaceless(text) not in page and not all(part in page for part in lines_of(text)):
            found.append(f"{what}: {text}")
    return found + [f"label: {label}" for label in drawn if spaceless(label) not in page]


def labels(slide: object) -> list[str]:
    """The words of labels that a chart of the slide carries as text, and of its values where it prints numbers in percent."""
    found: list[str] = []
    for shape in slide.shapes:  # type: ignore[attr-defined]
        if shape.has_chart:
            for text in shape.chart._chartSpace.xpath(".//c:dLbl/c:tx//a:t"):
                found += NUMBER.findall(text.text or "")
            for series in shape.chart.plots[0].series:
                if series._element.xpath("./c:dLbls/c:numFmt") and not series._element.xpath("./c:dLbls/c:dLbl"):
                    found += [f"{value * 100:.1f}%" for value in series.values if value is not None]
    return found


def main() -> int:
    """0: all is there; 1: something is not; 2: LibreOffice or a font is missing."""
    absent = missing()
    if absent:
        print(f"Install first: apt-get install --no-install-recommends {' '.join(absent)}", file=sys.stderr)
        return 2
    store = open_store(data_folder())
    if store is None:
        print("There is no database yet: python -m etl build", file=sys.stderr)
        return 2
    out = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="atlas-office-")).absolute()
    out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="atlas-office-profile-") as folder:
        for lang in ("ja", "en"):
            context = Context(store, texts(lang), Look(lang))
            for story in shipped().values():
                shown = told(context, story)
                deck = out / f"{story.id}_{lang}.pptx"
                deck.write_bytes(deck_bytes(context, shown, story, address=ADDRESS))
                read = pages(deck, Path(folder))
                slides = list(Presentation(str(deck)).slides)
                if len(read) != len(shown) + 1:
                    print(f"{deck.name}: {len(read)} pages, expected {len(shown) + 1}")
                    wrong += 1
                for number, (page, one, slide) in enumerate(zip(read[1:], shown, slides[1:], strict=False), 2):
                    for problem in problems(page, one, labels(slide)):
                        print(f"{deck.name}, page {number}: not found: {problem}")
                        wrong += 1
                print(f"{deck.name}: {len(read)} pages looked through")
    print(f"{'All is there' if not wrong else f'{wrong} not found'}. The pages: {out}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
