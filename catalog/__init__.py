"""The registry: what sources, indicators, survey words and statuses exist. Imports nothing else of the project."""

from catalog.loading import CatalogError, CatalogProblem, load_registry
from catalog.model import (
    DIRECTIONS,
    INDICATOR_KINDS,
    LEVELS,
    SOURCE_KINDS,
    AreaChange,
    Break,
    Gap,
    Indicator,
    Label,
    Registry,
    Source,
)
from catalog.status import (
    ESTIMATED,
    MERGED,
    NOT_APPLICABLE,
    NOT_LOADED,
    NOT_PUBLISHED,
    OBSERVED,
    STATUSES,
    SUPPRESSED,
    WITH_VALUE,
)

__all__ = [
    "DIRECTIONS",
    "ESTIMATED",
    "INDICATOR_KINDS",
    "LEVELS",
    "MERGED",
    "NOT_APPLICABLE",
    "NOT_LOADED",
    "NOT_PUBLISHED",
    "OBSERVED",
    "SOURCE_KINDS",
    "STATUSES",
    "SUPPRESSED",
    "WITH_VALUE",
    "AreaChange",
    "Break",
    "CatalogError",
    "CatalogProblem",
    "Gap",
    "Indicator",
    "Label",
    "Registry",
    "Source",
    "load_registry",
]
