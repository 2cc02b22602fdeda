"""`python -m etl`: build the database, import published files, say what a file is."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from catalog.folder import data_folder
from etl.build import STEPS, build, import_files
from etl.printing import print_report, sample_lines
from etl.problems import EtlError
from etl.readers import read_any
from etl.report import BuildReport
from etl.sample_city import write_sample

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Writes the database of the Tsunagari Atlas.", pretty_exceptions_enable=False)
JsonOption = Annotated[bool, typer.Option("--json", help="Print the report as JSON, for programs.")]
LinesOption = Annotated[bool, typer.Option("--progress-lines", hidden=True, help="Print a JSON line a step, for the dashboard's progress bar.")]
JapaneseOption = Annotated[bool, typer.Option("--ja", help="Say in Japanese what was understood of maps and what to know of them.")]
errors = Console(stderr=True, soft_wrap=True)
SELDOM = (100_000, 50, 50)
"""When garbage is looked for: a build makes millions of short-lived objects and hardly a cycle, and looking took an eighth of its time."""

WORDS = {
    "inbox": "reading imported files",
    "sample": "writing and reading the sample city",
    "registry": "checking the registry",
    "figures": "reading the official figures",
    "areas": "listing the areas",
    "observations": "putting the figures together",
    "districts": "figures by school district",
    "shares": "deriving shares from counts",
    "checks": "checking the tables",
    "database": "writing the database",
    "switch": "switching to it",
}


@app.command("build")
def build_command(as_json: JsonOption = False, japanese: JapaneseOption = False, progress_lines: LinesOption = False) -> None:
    """Read, check and derive everything; write the database and serve it."""
    _run(lambda step: build(data_folder(), step), as_json, progress_lines, japanese)


@app.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(help="Published files or folders, as downloaded.")],
    as_json: JsonOption = False,
    japanese: JapaneseOption = False,
    progress_lines: LinesOption = False,
) -> None:
    """Read published files (known by their content), keep them, and build."""
    _run(lambda step: import_files(data_folder(), files, step), as_json, progress_lines, japanese)


@app.command("identify")
def identify_command(files: Annotated[list[Path], typer.Argument(help="Files to look at; nothing is kept.")], japanese: JapaneseOption = False) -> None:
    """Say in words what files are, and what is wrong with them."""
    failed = False
    for path in files:
        try:
            for reading in read_any(path):
                typer.echo(f"{path.name}: {reading.understood_ja if japanese else reading.understood_en}")
                for remark in getattr(reading, "remarks", ()):
                    typer.echo(f"  {remark.kind}: {remark.text_ja if japanese else remark.text_en}")
        except EtlError as error:
            failed = True
            errors.print(error.report(), markup=False, highlight=False)
    raise typer.Exit(1 if failed else 0)


@app.command("sample")
def sample_command(
    folder: Annotated[Path, typer.Argument(help="Where to write the files; made when it is not there.")],
    districts: Annotated[int, typer.Option(min=2, help="School districts.")] = 24,
    areas: Annotated[int, typer.Option(min=8, help="Small areas in 2020, at least four a district.")] = 260,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 2026,
) -> None:
    """Write a fictional city in the published formats, for training and tests."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ValueError(f"{folder} is not an empty folder; name a new one, so that nothing is written over")
        written = write_sample(folder, districts=districts, areas=areas, seed=seed)
    except (ValueError, OSError) as error:
        errors.print(f"The sample city was not written: {error}.", markup=False, highlight=False, style="red")
        raise typer.Exit(1) from error
    for line in sample_lines(folder, written):
        typer.echo(line)


def _run(work: object, as_json: bool, progress_lines: bool, japanese: bool) -> None:
    gc.set_threshold(*SELDOM)
    try:
        report = _with_progress(work, quiet=as_json, lines=progress_lines)
    except EtlError as error:
        if as_json:
            typer.echo(json.dumps({"problems": [problem.__dict__ for problem in error.problems]}, ensure_ascii=False))
        errors.print(error.report(), markup=False, highlight=False, style="red")
        served = data_folder().database()
        errors.print(f"Nothing was changed. Served: {served.name if served else 'no database yet'}.", markup=False, highlight=False)
        raise typer.Exit(1) from error
    except OSError as error:
        errors.print(f"The data folder cannot be written: {error}. Check space and rights, then try again.", markup=False, highlight=False, style="red")
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
    elif not progress_lines:
        print_report(report, "ja" if japanese else "en")


def _with_progress(work: object, *, quiet: bool, lines: bool) -> BuildReport:
    if not callable(work):
        raise TypeError("work must be callable")
    if lines:
        result = work(lambda name: print(json.dumps({"step": STEPS.index(name) + 1, "of": len(STEPS), "name": name}), flush=True))
    elif quiet:
        result = work(lambda _name: None)
    else:
        columns = (TextColumn("{task.description:<32}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=not sys.stderr.isatty()) as progress:
            task = progress.add_task("starting", total=len(STEPS))

            def step(name: str) -> None:
                progress.update(task, description=WORDS[name], completed=STEPS.index(name))

            result = work(step)
            progress.update(task, description="done", completed=len(STEPS))
    if not isinstance(result, BuildReport):
        raise TypeError("work must return a BuildReport")
    return result


if __name__ == "__main__":
    app()
