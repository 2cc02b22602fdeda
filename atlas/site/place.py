"""What the site is about: the municipality asked for, or the first one held."""

from __future__ import annotations

from atlas.exhibits.district_layer import held
from atlas.exhibits.field import LEVEL
from atlas.site.model import Place, PublishError
from atlas.store import geography
from atlas.store.areas import Area, areas
from atlas.store.database import Store

DEFAULT = "31201"
"""Stands in the pages on municipalities where only the sample city was asked for or held."""


def place_of(store: Store, municipality: str | None) -> Place:
    """The municipality and its city with school districts: its own; else the sample; without a wish the first real one.

    Raises PublishError where the code is not held.
    """
    known = {code: area for code, area in areas(store).items() if area.level == LEVEL and area.parent_code}
    cities = {str(row.area_code): bool(row.is_sample) for row in geography.cities(store).itertuples(index=False)}
    if not known or (municipality is not None and municipality not in known and municipality not in cities):
        raise PublishError("unknown_municipality", wrong=True, code=municipality or "")
    real = sorted((code for code, sample in cities.items() if not sample and code in known), key=lambda code: (not held(store, code), code))
    sample_city = next((code for code, sample in cities.items() if sample), None)
    city = municipality if municipality in cities else real[0] if real and municipality is None else sample_city
    own = municipality if municipality in known else city if city in known else None
    code = own or (DEFAULT if DEFAULT in known else next(iter(known)))
    area: Area = known[code]
    return Place(code, str(area.parent_code), city, city is not None and cities[city])
