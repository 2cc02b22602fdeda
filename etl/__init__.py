"""Writes the database. `python -m etl` builds it and imports published files."""
