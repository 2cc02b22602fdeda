"""The shell of every page: head, skip link, name and pages, language, place for what the page shows, foot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from atlas.exhibits.context import Context
from atlas.exhibits.news import built_at, day
from atlas.exports.tables import APP_VERSION
from atlas.figures.look import LIGHT
from atlas.site.model import Page
from atlas.texts import LANGUAGES

NAMES = {"ja": "日本語", "en": "English"}
SCRIPT_WORDS = ("search", "count", "empty", "sorted_ascending", "sorted_descending")


@dataclass(frozen=True)
class Shell:
    """What all pages of a language share. pages: id and name of each; hashes: path -> hash of what was written there; version: of what is loaded
    later; published: a day as ISO 8601."""

    context: Context
    pages: Sequence[tuple[str, str]]
    hashes: Mapping[str, str]
    version: str
    published: str

    def page_html(self, page: Page, main: str, scripts: Sequence[str], *, sample: bool) -> str:
        """A whole page. main: what stands below its banner; scripts: addresses from the site's first folder, in order."""
        texts, lang = self.context.texts, self.context.lang
        other = next(one for one in LANGUAGES if one != lang)
        name, file = escape(texts("frame.name")), file_of(page.id)
        title = page.name if page.id != "overview" else texts("frame.motto")
        loaded = "".join(f'<script defer src="{escape(self.address(script))}"></script>' for script in scripts)
        mark, long = escape(texts("frame.sample")), escape(texts("frame.sample_long"))
        banner = f'<p class="atlas-note" role="note"><strong>{mark}</strong> {long}</p>' if sample else ""
        return f"""<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} | {name}</title>
<meta name="description" content="{escape(texts("frame.motto"))}">
<link rel="icon" href="../assets/icon.png">
<link rel="alternate" hreflang="{other}" href="../{other}/{file}">
<link rel="stylesheet" href="{escape(self.address("assets/site.css"))}">
<script src="{escape(self.address("assets/embed.js"))}"></script>
{loaded}
</head>
<body data-lang="{lang}" data-version="{escape(self.version)}">
<a class="skip" href="#main">{escape(texts("site.skip"))}</a>
<header class="site">
<p class="atlas-name"><a href="index.html">{name}</a></p>
<nav aria-label="{escape(texts("site.pages"))}"><ul>{self._links(page.id)}</ul></nav>
<p class="language"><a lang="{other}" hreflang="{other}" href="../{other}/{file}" data-carries>{NAMES[other]}</a></p>
</header>
<main id="main" tabindex="-1">
{banner}<p class="atlas-note" data-needs-no-script>{escape(texts("site.no_script"))}</p>
{main}
</main>
{self._foot(file)}
<p class="said" role="status" id="said"></p>
<script type="application/json" id="words">{self._words()}</script>
</body>
</html>
"""

    def address(self, path: str) -> str:
        """A file of the site from a page in a language's folder; its hash keeps an old copy from being shown with new data."""
        return f"../{path}?v={self.hashes[path]}"

    def _links(self, current: str) -> str:
        return "".join(
            f'<li><a href="{file_of(identifier)}"{" aria-current=page" if identifier == current else ""}>{escape(name)}</a></li>'
            for identifier, name in self.pages
        )

    def _foot(self, file: str) -> str:
        context, texts = self.context, self.context.texts
        version = texts(
            "site.foot", name=texts("frame.name"), release=APP_VERSION, version=context.store.version, built=built_at(context),
            published=day(self.published[:10], context.lang),
        )  # fmt: skip
        links = f'<a href="catalogue.html">{escape(texts("overview.see.catalogue"))}</a>'
        links += f' <a href="../datapackage.json">{escape(texts("site.all_tables"))}</a>'
        whole = f'<a href="{file}" target="_blank" rel="noopener">{escape(texts("site.whole"))}</a>'
        return f'<footer class="site"><p>{escape(version)}</p><p class="links">{links}</p><p class="whole">{whole}</p></footer>'

    def _words(self) -> str:
        """Words the scripts say."""
        texts = self.context.texts
        words = {key: texts(f"site.list.{key}") for key in SCRIPT_WORDS} | {key: texts(f"site.said.{key}") for key in ("changed", "district", "failed")}
        return _json_in_html(words)


def file_of(page_id: str) -> str:
    """The file of a page in its language's folder."""
    return "index.html" if page_id == "overview" else f"{page_id}.html"


def root_html(context: Context) -> str:
    """The first file: straight on to the Japanese pages, with a link for those who are not taken there."""
    name = escape(context.texts("frame.name"))
    links = "".join(f'<li><a lang="{lang}" href="{lang}/index.html">{NAMES[lang]}</a></li>' for lang in LANGUAGES)
    return f"""<!doctype html>
<html lang="ja">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="0; url=ja/index.html">
<title>{name}</title><link rel="icon" href="assets/icon.png"><link rel="stylesheet" href="assets/site.css"></head>
<body><main id="main"><h1>{name}</h1><ul>{links}</ul></main></body>
</html>
"""


def style(sheet: str) -> str:
    """The style sheet with the palette's colours before it."""
    colours = {"text": LIGHT.text, "second": LIGHT.second, "accent": LIGHT.accent, "grid": LIGHT.grid, "caution": LIGHT.caution, "page": LIGHT.page}
    return f":root{{{''.join(f'--atlas-{name}:{value};' for name, value in colours.items())}}}\n{sheet}"


def control_html(identifier: str, label: str, options: Mapping[str, str]) -> str:
    """A question with its answers; without scripts it would do nothing, so it is shown by them."""
    answers = "".join(f'<option value="{escape(choice)}">{escape(words)}</option>' for choice, words in options.items())
    return (
        f'<p class="control" data-needs-script><label for="choice-{identifier}">{escape(label)}</label>'
        f'<select id="choice-{identifier}" data-control="{identifier}" autocomplete="off">{answers}</select></p>'
    )


def _json_in_html(content: object) -> str:
    return json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
