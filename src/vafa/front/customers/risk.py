"""The risk of leaving as a column of lists of customers, as far as it may be told."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.front.overview.figures import Asker
from vafa.front.risk.words import get_band_tone, name_band
from vafa.kit.locale.formats import Style, format_percent
from vafa.predict.scores.queries import (
    RISK,
    RISK_BAND,
    find_band,
    find_standing,
    get_as_of,
    get_bands,
    get_chances,
)
from vafa.predict.scores.types import BAND_NAMES

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class RiskColumn:
    """By number: the band, and the chance where it may be told as a number; of which day, and of how many days."""

    bands: Floats
    chances: Floats | None
    as_of: date | None
    horizon_days: int | None

    def get_band(self, number: int | None) -> int | None:
        """A customer's band; None where none is known."""
        return None if number is None or np.isnan(self.bands[number]) else int(self.bands[number])

    def get_chance(self, number: int | None) -> float | None:
        """A customer's chance of leaving; None where it is not known, or may not be told."""
        if number is None or self.chances is None or np.isnan(self.chances[number]):
            return None
        return float(self.chances[number])


@dataclass(frozen=True)
class RiskCell:
    """The risk of one customer in a list: the band in words with its colour, and the chance; "" where unknown."""

    band: str
    tone: str
    chance: str


def read_risk(asker: Asker) -> RiskColumn | None:
    """The column; None where no risk may be told."""
    bands = get_bands(asker.snapshot)
    if bands is None:
        return None
    standing = find_standing()
    return RiskColumn(
        bands,
        get_chances(asker.snapshot),
        get_as_of(asker.snapshot),
        None if standing is None else standing.question.horizon_days,
    )


def has_risk(asker: Asker) -> bool:
    """Whether there is such a column."""
    return asker.snapshot.published_as_of(RISK_BAND) is not None


def build_cell(risk: RiskColumn | None, number: int | None, style: Style) -> RiskCell | None:
    """What the list says of one customer; None where the list has no such column."""
    if risk is None:
        return None
    band, chance = risk.get_band(number), risk.get_chance(number)
    told = "" if chance is None else format_percent(chance, style, 0)
    return RiskCell(name_band(band), get_band_tone(band), told)


def find_at_risk(asker: Asker, band: str) -> BitMap:
    """The customers in a band, by its name; nobody where no risk may be told."""
    return find_band(asker.snapshot, BAND_NAMES.index(band))


def get_version(asker: Asker) -> Any:
    """What changes whenever the risk does."""
    return asker.snapshot.published_version(RISK), asker.snapshot.published_version(RISK_BAND)


def list_keys(asker: Asker) -> npt.NDArray[np.float64] | None:
    """By number what lists are sorted by: the chance, or else the band; NaN where unknown, None without a column."""
    found = get_chances(asker.snapshot)
    found = get_bands(asker.snapshot) if found is None else found
    return None if found is None else found.astype(np.float64)


def list_export_columns(risk: RiskColumn | None) -> tuple[str, ...]:
    """The names of the columns that files have on account of the risk."""
    if risk is None:
        return ()
    chance = () if risk.chances is None else ("risk",)
    return ("risk_band", *chance, "risk_as_of", "risk_horizon_days")


def list_export_values(risk: RiskColumn | None, number: int | None) -> list[Any]:
    """The values of these columns for one customer."""
    if risk is None:
        return []
    band = risk.get_band(number)
    chance = risk.get_chance(number)
    return [
        "" if band is None else BAND_NAMES[band],
        *([] if risk.chances is None else [None if chance is None else round(chance, 4)]),
        risk.as_of,
        risk.horizon_days,
    ]
