"""Why a value is there or is not: the seven statuses, in the words of docs/methods.md."""

OBSERVED = "observed"
"""A published figure. Zero is observed."""
SUPPRESSED = "suppressed"
"""秘匿: the producer hid it because the number is small."""
MERGED = "merged"
"""合算: counted in with another area."""
NOT_APPLICABLE = "not_applicable"
"""該当なし: the question makes no sense here (a share of zero households)."""
NOT_PUBLISHED = "not_published"
"""公表なし: the producer did not publish it."""
NOT_LOADED = "not_loaded"
"""未収録: published, but not held here."""
ESTIMATED = "estimated"
"""推計: modelled, not counted."""

STATUSES = (OBSERVED, SUPPRESSED, MERGED, NOT_APPLICABLE, NOT_PUBLISHED, NOT_LOADED, ESTIMATED)
WITH_VALUE = (OBSERVED, ESTIMATED)
