"""The library that the pages stand on; see docs/architecture.md for its rooms."""
