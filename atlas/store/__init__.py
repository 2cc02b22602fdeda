"""Reads the database: every SELECT of the project."""
