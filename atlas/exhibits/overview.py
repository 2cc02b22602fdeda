"""Overview: the finding, the headline figures with their change, what is new, and where to go on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from atlas.exhibits import headlines_households as households
from atlas.exhibits import headlines_surveys as surveys
from atlas.exhibits import news
from atlas.exhibits.context import Context
from atlas.exhibits.headlines import SHARE, Headline, Way
from atlas.exhibits.model import Exhibit
from atlas.exhibits.news import News
from atlas.exhibits.trends import trend

USERS = ("policy", "planner", "presenter")
LARGE = ("size", "125")
COMPACT = 0.8
"""Height of the overview's figure against the same one on Trends."""

WAYS: dict[str, tuple[Way, ...]] = {
    "policy": (
        Way("trends", "change"),
        Way("contact", "waves"),
        Way("compare", "standing"),
    ),
    "planner": (
        Way("need_map", "districts"),
        Way("compare", "outstanding"),
        Way("catalogue", "limits", (("topic", "older"),)),
    ),
    "presenter": (
        Way("trends", "large_trend", (LARGE,)),
        Way("contact", "large_contact", (LARGE,)),
        Way("catalogue", "cite", (("topic", "sources"),)),
    ),
}
"""Where each kind of user goes on: a page, the words of the link, what the page shall show."""


@dataclass(frozen=True)
class Entrance:
    """One kind of user: who, what for, and where to."""

    id: str
    who: str
    purpose: str
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Overview:
    """Everything on the overview but its figure. `groups` are the headline figures, each group under its own heading."""

    groups: tuple[tuple[str, tuple[Headline, ...]], ...]
    news: tuple[News, ...]
    entrances: tuple[Entrance, ...]


def finding(context: Context) -> Exhibit:
    """The share of one-person households in the whole country: the trend without its longer notes."""
    texts = context.texts
    exhibit = trend(context, indicator_id=SHARE)
    if exhibit.figure is not None:
        exhibit.figure.update_layout(height=exhibit.figure.layout.height * COMPACT)
    return replace(exhibit, id="finding", cautions=(texts("overview.finding_note"),), height=round(exhibit.height * COMPACT))


def overview(context: Context) -> Overview:
    """The headline figures, what is new, the ways in."""
    texts = context.texts
    return Overview(
        groups=(
            ("alone", (households.one_person(context), households.projection(context), households.older(context))),
            ("ties", (surveys.contact(context), surveys.isolation(context), surveys.loneliness(context))),
        ),
        news=news.news(context),
        entrances=tuple(
            Entrance(
                user,
                texts(f"overview.ways.{user}.who"),
                texts(f"overview.ways.{user}.purpose"),
                tuple(replace(way, label=texts(f"overview.ways.{user}.{way.label}")) for way in WAYS[user]),
            )
            for user in USERS
        ),
    )
