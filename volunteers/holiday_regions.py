"""Countries and regions whose bank holidays we know: ENG, WLS, SCT and NIR, or a country's code as in PL or DE-BE.

The library behind it takes half a second to load, and few pages ask: so it is loaded when it is needed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

BRITISH: dict[str, str | Promise] = {
    "ENG": _("England"),
    "WLS": _("Wales"),
    "SCT": _("Scotland"),
    "NIR": _("Northern Ireland"),
}
NOWHERE = _("nowhere")


def find_bank_holidays(region: str, years: Collection[int]) -> dict[dt.date, str]:
    """The bank holidays of a region by name; none without a region, or for one the library has forgotten."""
    if not region:
        return {}
    import holidays  # noqa: PLC0415 -- half a second to load, and few pages ask

    country, subdivision = ("GB", region) if region in BRITISH else (region[:2], region[3:] or None)
    try:
        return dict(holidays.country_holidays(country, subdiv=subdivision, years=sorted(years)))
    except NotImplementedError:
        return {}


def list_regions() -> list[tuple[str, str]]:
    """Every region to choose from, with its name: Britain's parts, then every country, then nowhere."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 -- half a second to load, and few pages ask

    names = sorted((_space(entry[0]), entry[1]) for entry in COUNTRIES.values())
    return [
        *((code, str(name)) for code, name in BRITISH.items()),
        *((code, name) for name, code in names if code != "GB"),
        ("", str(NOWHERE)),
    ]


def name_region(region: str) -> str:
    """The name of a region."""
    if region in BRITISH or not region:
        return str(BRITISH.get(region, NOWHERE))
    return dict(list_regions()).get(region, region)


def validate_region(region: str) -> None:
    """Refuse a region we know no bank holidays of."""
    if region in BRITISH:
        return
    import holidays  # noqa: PLC0415 -- half a second to load, and few pages ask

    known, (country, _dash, subdivision) = holidays.list_supported_countries(), region.partition("-")
    if country not in known or (subdivision and subdivision not in known[country]):
        raise ValidationError(_now("We know no bank holidays of that place. Write its code, as in ENG, PL or DE-BE."))


def _space(name: str) -> str:
    """“UnitedStates” as people write it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
