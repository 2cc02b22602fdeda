"""Pictures saved in a real browser carry what is needed to cite them and to make them again, and are still pictures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from atlas.exports.reproduce import DIFFERS, EQUAL, Comparison, reproduce
from atlas.exports.tables import APP_VERSION
from atlas.store.database import Store

pytestmark = pytest.mark.browser

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard.py"
METADATA = "{http://www.w3.org/2000/svg}metadata"


@pytest.fixture(scope="module")
def saved(served: Callable[..., str], shared_visit: Callable[..., Page], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both pictures of the first figure of the trends, of a view with choices in its address."""
    folder = tmp_path_factory.mktemp("pictures")
    page = shared_visit(served(DASHBOARD) + "/trends?areas=00000_31000&base=2015")
    tools = page.locator("[class*='st-key-trends-'][class*='-tools']").first
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=60_000)
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=60_000)
    found = {}
    for kind in ("svg", "png", "csv"):
        with page.expect_download() as download:
            tools.get_by_role("button", name=kind.upper()).click()
        found[kind] = folder / f"trend.{kind}"
        download.value.save_as(found[kind])
    return found


def only(path: Path, store: Store) -> Comparison:
    (one,) = reproduce(path, store)
    return one


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_saved_picture_is_made_again_equal_and_says_how_to_cite_it(saved: dict[str, Path], store: Store, kind: str) -> None:
    one = only(saved[kind], store)
    assert (one.status, one.differences) == (EQUAL, ())
    held = one.carried
    assert (held.kind, held.data_version, held.app_version) == (kind, store.version, APP_VERSION)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/trends\?.*areas=00000_31000.*", held.permalink)
    assert datetime.fromisoformat(held.exported_at).tzinfo is not None
    assert "trends:trend" in held.recipe
    assert dict(held.settings or ())["areas"] == "00000 31000"


def test_a_table_saved_from_the_same_view_has_its_address_with_all_choices(saved: dict[str, Path], store: Store) -> None:
    one = only(saved["csv"], store)
    assert one.equal
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/trends\?.*areas=00000_31000.*", one.carried.permalink)
    assert one.carried.recipe == only(saved["svg"], store).carried.recipe


def test_the_pictures_are_still_whole(saved: dict[str, Path]) -> None:
    root = ElementTree.parse(saved["svg"]).getroot()
    assert len(root.findall(METADATA)) == 1
    picture = Image.open(saved["png"])
    picture.load()
    assert picture.size == (2 * int(root.get("width", 0)), 2 * int(root.get("height", 0)))
    assert '"kind":"tsunagari-atlas"' in picture.info["tsunagari-atlas"]


@pytest.mark.parametrize(
    ("pattern", "replacement", "kinds"),
    [
        (r'("table":")[0-9a-f]{4}', r"\g<1>0000", {"fingerprint"}),
        (r">1980<", ">1981<", {"drawing"}),
        (r'\\"31000\\"', r'\\"13000\\"', {"fingerprint", "about"}),
    ],
)
def test_a_changed_picture_says_what_differs(saved: dict[str, Path], store: Store, tmp_path: Path, pattern: str, replacement: str, kinds: set[str]) -> None:
    whole = saved["svg"].read_bytes().decode("utf-8")
    changed, count = re.subn(pattern, replacement, whole)
    assert count
    path = tmp_path / "changed.svg"
    path.write_bytes(changed.encode("utf-8"))
    one = only(path, store)
    assert one.status == DIFFERS
    assert {each.kind for each in one.differences} == kinds


def test_a_png_painted_over_says_so(saved: dict[str, Path], store: Store, tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    with Image.open(saved["png"]) as picture:
        held = PngInfo()
        held.add_itxt("tsunagari-atlas", picture.info["tsunagari-atlas"])
        painted = picture.copy()
    painted.putpixel((10, 10), (255, 0, 0))
    painted.save(tmp_path / "painted.png", pnginfo=held)
    assert [each.kind for each in only(tmp_path / "painted.png", store).differences] == ["drawing"]
