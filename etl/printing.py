"""The build's report as words in a terminal: what was read, what a planner has to know of it, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from etl.report import REFUSED, BuildReport
from etl.sample_city import is_sample_code

MOST_REMARKS = 40
MOST_FILES = 2
WORDS = {
    "en": {
        "read": "Read {file}: {text} ({rows} rows)",
        "sample": "Sample city (fictional, comes with the build): {count} datasets, read like real ones.",
        "replaced": "Replaced: {text}",
        "remark": "Remark on {files}: {text}",
        "files": " and {count} more",
        "more": "{count} more remarks: see them with --json, or on the page of the city.",
        "outside": "{municipality_ja} ({municipality_code}), {indicator_en} {year}: {total} in {small_areas} small areas, "
        "{split_areas} of them split between districts; {outside} ({share}) lie outside every school district.",
        "refused": "Note, not joined: {files}: {text}",
    },
    "ja": {
        "read": "読み込み {file}: {text}（{rows}行）",
        "sample": "見本市（架空、組み立てのたびに付きます）: {count}件のデータを、実際のファイルと同じ手順で読みました。",
        "replaced": "入れ替え: {text}",
        "remark": "お知らせ {files}: {text}",
        "files": " ほか{count}件",
        "more": "お知らせはあと{count}件あります。--json を付けるか、市の画面でご覧ください。",
        "outside": "{municipality_ja}（{municipality_code}）の{indicator_ja}、{year}年: {small_areas}区域の合計{total}"
        "（うち{split_areas}区域は複数の校区にまたがる）。{outside}（{share}）はどの校区にも入りません。",
        "refused": "注意（合わせていません） {files}: {text}",
    },
}


def print_report(report: BuildReport, lang: str = "en") -> None:
    """Everything of the report; the sentences on maps and cities in the language asked for."""
    console = Console(soft_wrap=True)
    console.print(f"[bold]{report.database}[/bold]  built in {report.seconds:.1f} s")
    table = Table(box=None, padding=(0, 2))
    table.add_column("table")
    table.add_column("rows", justify="right")
    for name, count in report.rows.items():
        table.add_row(name, f"{count:,}")
    console.print(table)
    console.print("Areas: " + ", ".join(f"{level} {count:,}" for level, count in report.areas.items()))
    every = sorted({year for years in report.years.values() for year in years})
    console.print(f"Indicators with figures: {len(report.years)}; years {every[0]}-{every[-1]}" if every else "No figures")
    console.print("Missing, by reason: " + (", ".join(f"{reason} {count:,}" for reason, count in report.missing.items()) or "none"))
    for line in (*file_lines(report), *map_lines(report, lang), *warning_lines(report)):
        console.print(line, markup=False, highlight=False)
    if report.changes is None:
        console.print("Changes: this is the first build.")
    else:
        words = [f"{table} +{c['added']:,} -{c['removed']:,} ~{c['changed']:,}" for table, c in report.changes.items() if any(c.values())]
        console.print("Changes against the last build (added, removed, changed): " + ("; ".join(words) or "none"))


def file_lines(report: BuildReport) -> list[str]:
    """What was understood of tables of areas."""
    return [f"Read {file['file']}: {file['understood_en']}" for file in report.files]


def map_lines(report: BuildReport, lang: str = "en") -> list[str]:
    """What was understood of maps and small areas, and what a planner has to know of them; the shipped sample city in one line."""
    words = WORDS[lang]
    given = [one for one in report.maps if not one["shipped"]]
    lines = [words["read"].format(file=one["file"], text=one[f"understood_{lang}"], rows=f"{one['rows']:,}") for one in given]
    shipped = len(report.maps) - len(given)
    if shipped:
        lines.append(words["sample"].format(count=shipped))
    lines += [words["replaced"].format(text=one[f"text_{lang}"]) for one in report.replaced]
    remarks: dict[str, list[str]] = {}
    for remark in report.remarks:
        if not remark["shipped"] and remark["kind"] != REFUSED:
            remarks.setdefault(remark[f"text_{lang}"], []).append(remark["file"])
    listed = [words["remark"].format(files=_several(files, words), text=text) for text, files in remarks.items()]
    lines += listed[:MOST_REMARKS]
    if len(listed) > MOST_REMARKS:
        lines.append(words["more"].format(count=f"{len(listed) - MOST_REMARKS:,}"))
    for one in report.outside:
        if not (shipped and is_sample_code(one["municipality_code"])):
            figures = {"total": f"{one['total']:,.0f}", "outside": f"{one['outside']:,.1f}", "share": f"{one['share']:.2%}"}
            lines.append(words["outside"].format(**{**one, **figures}))
    return lines + [words["refused"].format(files=remark["file"], text=remark[f"text_{lang}"]) for remark in report.refused]


def _several(files: Sequence[str], words: dict[str, str]) -> str:
    rest = len(files) - MOST_FILES
    return ", ".join(files[:MOST_FILES]) + (words["files"].format(count=rest) if rest > 0 else "")


def warning_lines(report: BuildReport) -> list[str]:
    """Readers that never saw a real file, and figures that differ between files."""
    untried = [f"Note: the reader of {source} was not yet tried on a real file; compare its figures with the publication." for source in report.not_yet_tried]
    return [*untried, *(f"Note: {warning}" for warning in report.warnings)]


def sample_lines(folder: Path, written: Sequence[Path]) -> list[str]:
    """What was written by `python -m etl sample`, and what to do with it."""
    return [
        f"Wrote {len(written)} files of a fictional city (見本市, 99201) to {folder}:",
        *(f"  {path.name}  {path.stat().st_size:,} bytes" for path in written),
        "They have the published layouts: school districts (A27), schools (P29), boundaries and tables of small areas of three censuses, places.",
        "Nothing in them is real. To try an import with them:",
        f'  python -m etl identify "{folder}"   (says what they are; nothing is kept)',
        f'  python -m etl import "{folder}"     (takes the place of the sample city that every build brings along)',
        "They stay marked as sample data and are never added to a prefecture or the nation.",
    ]
