"""`python -m atlas`: serve the dashboard."""

from __future__ import annotations

from typing import Annotated

import typer

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
    from atlas.interface import serving  # other commands do without Streamlit

    serving.serve(host, port)


if __name__ == "__main__":
    app()
