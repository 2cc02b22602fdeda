"""The static site: pages as plain files, for any web server or none (`python -m atlas publish`)."""
