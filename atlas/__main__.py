"""`python -m atlas`: serve the dashboard, write the cards of a city's school districts, make saved figures again."""

from __future__ import annotations

import errno
import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from atlas.texts import LANGUAGES, Texts, WordedError, texts
from catalog.folder import data_folder

if TYPE_CHECKING:
    from atlas.exhibits.context import Context
    from atlas.site.publish import Published

FAILED, WRONG = 1, 2
"""Exit codes: something could not be done; something asked for does not exist."""
NAMED = 8
"""Districts named in a message, at most."""
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
errors = Console(stderr=True, soft_wrap=True)

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Tsunagari Atlas")


@app.callback()
def main() -> None:
    """Tsunagari Atlas."""


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; anything but this machine opens it to others.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8501,
) -> None:
    """Serve the dashboard until Ctrl+C."""
    gc.disable()  # while the libraries are loaded; `serving` enables it again with the first page made
    from atlas.interface import serving  # other commands do without Streamlit

    serving.serve(host, port)


@app.command()
def cards(
    out: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="The file to write.", show_default=False)],
    municipality: Annotated[str, typer.Option(help="Code of five digits of a municipality whose school districts are held.", show_default=False)],
    district: Annotated[list[str] | None, typer.Option(help="Code of a district; may be given more than once. All where left out.")] = None,
    lang: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    year: Annotated[int | None, typer.Option(help="A census that is held; the latest where left out.", show_default=False)] = None,
) -> None:
    """Write the cards of school districts (校区カルテ) as one PDF, a page each."""
    words = texts(lang if lang in LANGUAGES else LANGUAGES[0])
    if lang not in LANGUAGES:
        _refuse(words("card.command.unknown_language", lang=lang), WRONG)
    _check_target(out, words)
    context = _opened(words)
    try:
        city, codes = _asked(context, municipality, tuple(district or ()), year)
        count = _written(context, out, municipality, codes, year)
    except WordedError as error:  # no font
        _refuse(error.said(words), FAILED)
    except OSError as error:
        key = "card.command.disk_full" if error.errno in FULL else "card.command.not_writable"
        _refuse(words(key, folder=out.absolute().parent, error=error.strerror or error), FAILED)
    except KeyboardInterrupt:
        _refuse(words("card.command.stopped"), FAILED)
    finally:
        context.store.close()
    typer.echo(words("card.command.done", city=city, count=count, path=out))


@app.command()
def reproduce(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Saved files of any kind.", show_default=False)],
    lang: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    json: Annotated[bool, typer.Option("--json", help="The answer as JSON.")] = False,
) -> None:
    """Make the figures of saved files again from the data held and say whether they are equal: 0 all are, 1 not, 2 wrong arguments."""
    words = texts(lang if lang in LANGUAGES else LANGUAGES[0])
    if lang not in LANGUAGES:
        _refuse(words("reproduce.command.unknown_language", lang=lang), WRONG)
    for path in files:
        if not path.exists():
            _refuse(words("reproduce.command.missing", file=path), WRONG)
    context = _opened(words)
    from atlas.exports.reproduce_report import report

    try:
        answer, equal = report(files, context.store, words, as_json=json)
    finally:
        context.store.close()
    typer.echo(answer)
    if not equal:
        raise typer.Exit(FAILED)


@app.command()
def show(
    story: Annotated[str, typer.Argument(metavar="STORY", help="A file (.yaml), or the id of a story that comes with the atlas.", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help="The file to write.", show_default=False)],
    lang: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    city: Annotated[str | None, typer.Option(help="Code of a city whose school districts are held, for stories that need one.", show_default=False)] = None,
) -> None:
    """Write a story as slides in one HTML file that needs no server and no network."""
    words = texts(lang if lang in LANGUAGES else LANGUAGES[0])
    if lang not in LANGUAGES:
        _refuse(words("present.command.unknown_language", lang=lang), WRONG)
    from atlas.stories.show_file import ShowError, write_show

    context = _opened(words)
    try:
        typer.echo(write_show(context, story, out, city))
    except ShowError as error:
        _refuse(str(error), WRONG if error.is_asked_wrong else FAILED)
    finally:
        context.store.close()


@app.command()
def deck(
    story: Annotated[str, typer.Argument(metavar="STORY", help="A file (.yaml), or the id of a story that comes with the atlas.", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT.pptx", help="The file to write.", show_default=False)],
    lang: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    city: Annotated[str | None, typer.Option(help="Code of a city whose school districts are held, for stories that need one.", show_default=False)] = None,
    template: Annotated[Path | None, typer.Option(help="A .pptx whose layouts, fonts and colours are taken.", show_default=False)] = None,
) -> None:
    """Write a story as PowerPoint slides with native, editable charts and maps."""
    words = texts(lang if lang in LANGUAGES else LANGUAGES[0])
    if lang not in LANGUAGES:
        _refuse(words("deck.command.unknown_language", lang=lang), WRONG)
    from atlas.stories.deck_file import DeckFileError, write_deck

    context = _opened(words)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(words("deck.command.working"), total=None)
            told: Callable[[int, int], None] = lambda done, total: progress.update(task, completed=done, total=total)  # noqa: E731
            said = write_deck(context, story, out, city=city, template=template, progress=told)
    except DeckFileError as error:
        _refuse(str(error), WRONG if error.is_asked_wrong else FAILED)
    except KeyboardInterrupt:
        _refuse(words("deck.command.stopped"), FAILED)
    finally:
        context.store.close()
    typer.echo(said)


@app.command()
def pdf(
    story: Annotated[str, typer.Argument(metavar="STORY", help="A file (.yaml), or the id of a story that comes with the atlas.", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="The file to write.", show_default=False)],
    lang: Annotated[str, typer.Option(help="ja or en.")] = "ja",
    city: Annotated[str | None, typer.Option(help="Code of a city whose school districts are held, for stories that need one.", show_default=False)] = None,
) -> None:
    """Write a story as a PDF for print: A4, vector drawings, readable without colour."""
    words = texts(lang if lang in LANGUAGES else LANGUAGES[0])
    if lang not in LANGUAGES:
        _refuse(words("print.command.unknown_language", lang=lang), WRONG)
    from atlas.stories.pdf_file import PdfFileError, write_pdf

    context = _opened(words)
    try:
        with _progress() as progress:
            task = progress.add_task(words("print.command.working"), total=None)
            told: Callable[[int, int], None] = lambda done, total: progress.update(task, completed=done, total=total)  # noqa: E731
            said = write_pdf(context, story, out, city=city, progress=told)
    except PdfFileError as error:
        _refuse(str(error), WRONG if error.is_asked_wrong else FAILED)
    except KeyboardInterrupt:
        _refuse(words("print.command.stopped"), FAILED)
    finally:
        context.store.close()
    typer.echo(said)


@app.command()
def publish(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write: new, empty, or published before.", show_default=False)],
    municipality: Annotated[
        str | None, typer.Option(help="Code of five digits: compared, and mapped where its school districts are held.", show_default=False)
    ] = None,
    story: Annotated[Path | None, typer.Option(metavar="FILE", help="A story (YAML) as one more page.", show_default=False)] = None,
) -> None:
    """Write the pages as plain files for any web server, or none: HTML, figures, tables to take away, in both languages."""
    words = texts(LANGUAGES[0])
    context = _opened(words)
    from atlas.site.model import PublishError
    from atlas.site.publish_words import published_words

    try:
        done = _published(context, out, municipality, story)
        typer.echo(published_words(context, done, out))
    except PublishError as error:
        _refuse(words(f"site.command.{error.key}", **error.values), WRONG if error.wrong else FAILED)
    except OSError as error:
        key = "site.command.disk_full" if error.errno in FULL else "site.command.not_writable"
        _refuse(words(key, folder=out.absolute().parent, error=error.strerror or error), FAILED)
    except KeyboardInterrupt:
        _refuse(words("site.command.stopped"), FAILED)
    finally:
        context.store.close()


def _refuse(message: str, code: int) -> NoReturn:
    errors.print(message, markup=False, highlight=False, style="red")
    raise typer.Exit(code)


def _check_target(out: Path, words: Texts) -> None:
    """Before any work: the name and the folder. Whether it can be written shows when the file beside it is made, still before the first card."""
    if out.is_dir():
        _refuse(words("card.command.is_folder", path=out), WRONG)
    if out.suffix.lower() != ".pdf":
        _refuse(words("card.command.not_pdf", path=out), WRONG)
    if not out.absolute().parent.is_dir():
        _refuse(words("card.command.no_folder", folder=out.absolute().parent), WRONG)


def _opened(words: Texts) -> Context:
    """The served database with the words asked for."""
    from atlas.exhibits.context import Context  # pandas and DuckDB only for those who need them
    from atlas.figures.look import Look
    from atlas.store.database import StoreError, open_store

    try:
        store = open_store(data_folder())
    except (StoreError, OSError) as error:
        _refuse(words("card.command.damaged", error=error), FAILED)
    if store is None:
        _refuse(words("card.command.no_database"), FAILED)
    return Context(store, words, Look(words.lang))


def _asked(context: Context, municipality: str, districts: tuple[str, ...], year: int | None) -> tuple[str, tuple[str, ...]]:
    """The city's name and the districts wanted, in their order; what is not held is refused with what is."""
    from atlas.exhibits.district_card import district_codes, years_held
    from atlas.exhibits.need_map_words import city_name
    from atlas.store import geography

    words, separator = context.texts, context.texts("frame.list_separator")
    held = [f"{code} {city_name(context, code)}" for code in geography.cities(context.store)["area_code"].astype(str)]
    if not held:
        _refuse(words("card.command.no_city"), FAILED)
    codes, city = district_codes(context, municipality), city_name(context, municipality)
    if not codes:
        _refuse(words("card.command.unknown_city", code=municipality, held=separator.join(held)), WRONG)
    for code in districts:
        if code not in codes:
            named = separator.join(codes[:NAMED]) + (words("card.command.and_more", count=len(codes) - NAMED) if len(codes) > NAMED else "")
            _refuse(words("card.command.unknown_district", city=city, code=code, held=named), WRONG)
    years = years_held(context, municipality)
    if year is not None and year not in years:
        there = separator.join(str(one) for one in years) or words("frame.status.not_loaded")
        _refuse(words("card.command.unknown_year", city=city, year=year, held=there), WRONG)
    return city, tuple(dict.fromkeys(districts)) or codes


def _written(context: Context, out: Path, municipality: str, codes: tuple[str, ...], year: int | None) -> int:
    """Write the cards, telling on the error stream how far it is."""
    from atlas.exhibits.district_card import district_cards
    from atlas.exports.card_pdf import cards_pdf

    with _progress() as progress:
        task = progress.add_task(context.texts("card.command.working"), total=len(codes))
        told: Callable[[int, int], None] = lambda done, total: progress.update(task, completed=done, total=total)  # noqa: E731
        return cards_pdf(district_cards(context, city=municipality, codes=codes, year=year), out, told, total=len(codes))


def _published(context: Context, out: Path, municipality: str | None, story: Path | None) -> Published:
    """Write the site, telling on the error stream how far it is."""
    from atlas.site.publish import publish as write

    with _progress() as progress:
        task = progress.add_task(context.texts("site.command.working"), total=None)
        told: Callable[[int, int], None] = lambda done, total: progress.update(task, completed=done, total=total)  # noqa: E731
        return write(context.store, out, municipality=municipality, story=story, progress=told)


def _progress() -> Progress:
    """A bar on the error stream, gone when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


if __name__ == "__main__":
    app()
