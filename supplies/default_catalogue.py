"""The default catalogue: plain data a hub in the UK starts from, loaded once and then its own to edit.

Pack sizes and units are those usual in trade. Legal notes are our own short words and no legal advice. Prices and
minimums are left out: only the hub knows them.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

# The first is the main one: deliveries go there, and the desk takes from it.
STORES = ("Cupboard", "Desk", "Outreach bag")

INJECTING = "Injecting"
PREPARING = "Preparing"
SMOKING = "Smoking and snorting"
DISPOSAL = "Sharps bins"
NALOXONE = "Overdose response"
CHECKING = "Drug checking"
SEX = "Safer sex"
CARE = "Care and hygiene"
FOOD = "Food and drink"
READING = "Cards and leaflets"
CATEGORIES = (INJECTING, PREPARING, SMOKING, DISPOSAL, NALOXONE, CHECKING, SEX, CARE, FOOD, READING)

EXEMPT = "Named among the exemptions to section 9A of the Misuse of Drugs Act 1971."
NOT_EXEMPT = (
    "Not named among the exemptions to section 9A of the Misuse of Drugs Act 1971. Agree on it with the lawyers."
)
FOIL = "Lawful since 2014 from people working in a drug treatment service, as part of treatment or a step towards it."
WATER = "Exempt from section 9A up to 2 ml. A medicine."
PRESCRIPTION = "A prescription-only medicine: given without a prescription by trained people of services the law names."


QUARTER, YEAR = 3, 12
"""Grains: how long a time one published number covers. A month is for ordinary things, which many people take.

What is rare, or tells of whoever takes it, is shown by the quarter or the year: a number of it can be about one person.
"""


@dataclass(frozen=True, kw_only=True)
class DefaultItem:
    """One item of the default catalogue. `desk` is the place of its tile, if it has one; `grain` is in months.

    `desk_name` is a short plain name for the tile, where the name is long.
    """

    slug: str
    name: str
    category: str
    unit: str
    units: str
    pack: int = 1
    icon: str = "package"
    desk: int | None = None
    desk_name: str = ""
    tap: int = 1
    counts_as_set: bool = False
    medicine: bool = False
    trained_only: bool = False
    naloxone: bool = False
    tracks_expiry: bool = False
    tracks_lot: bool = False
    legal_note: str = ""
    grain: int = 1

    def fields(self) -> dict[str, Any]:
        """By the names the item itself uses."""
        fields = asdict(self)
        return fields | {
            "pack_size": fields.pop("pack"),
            "desk_order": fields.pop("desk"),
            "desk_tap": fields.pop("tap"),
        }


def _make_syringe(slug: str, name: str, unit: str, *, desk: int | None = None, desk_name: str = "") -> DefaultItem:
    return DefaultItem(
        slug=slug,
        name=name,
        category=INJECTING,
        unit=unit,
        units=f"{unit}s",
        pack=100,
        icon="syringe",
        desk=desk,
        desk_name=desk_name,
        counts_as_set=True,
        tracks_expiry=True,
        legal_note=EXEMPT,
    )


def _make_needle(colour: str, gauge: int) -> DefaultItem:
    loose = _make_syringe(f"needle-{colour}", f"Needle {colour} {gauge}G", "needle", desk_name=f"Needle, {colour}")
    return replace(loose, counts_as_set=False)


def _make_strip(slug: str, name: str, pack: int, *, desk_name: str, desk: int | None = None) -> DefaultItem:
    return DefaultItem(
        slug=slug,
        name=name,
        category=CHECKING,
        unit="strip",
        units="strips",
        pack=pack,
        icon="test-tube",
        desk=desk,
        desk_name=desk_name,
        tracks_expiry=True,
        tracks_lot=True,
        grain=QUARTER,
    )


def _make_condom(slug: str, name: str, *, desk: int | None = None) -> DefaultItem:
    return DefaultItem(
        slug=slug,
        name=name,
        category=SEX,
        unit="condom",
        units="condoms",
        pack=144,
        icon="heart-handshake",
        desk=desk,
        tracks_expiry=True,
    )


ITEMS = (
    _make_syringe("fixed-1ml-29g", "1 ml fixed-needle syringe 29G", "syringe", desk=1, desk_name="1 ml all-in-one"),
    _make_syringe(
        "fixed-1ml-30g", "1 ml fixed-needle syringe 30G, finer", "syringe", desk_name="1 ml all-in-one, fine"
    ),
    _make_syringe("insulin-1ml", "1 ml insulin syringe", "syringe", desk_name="1 ml insulin"),
    _make_syringe("barrel-1ml", "1 ml barrel, low dead space", "barrel", desk_name="1 ml barrel"),
    _make_syringe("barrel-2ml", "2 ml barrel", "barrel", desk=2),
    _make_syringe("barrel-5ml", "5 ml barrel", "barrel"),
    _make_needle("orange", 25),
    _make_needle("brown", 26),
    _make_needle("blue", 23),
    _make_needle("green", 21),
    _make_needle("grey", 27),
    _make_needle("yellow", 30),
    DefaultItem(
        slug="tourniquet",
        name="Tourniquet, single use",
        desk_name="Tourniquet",
        category=INJECTING,
        unit="tourniquet",
        units="tourniquets",
        pack=25,
        legal_note=NOT_EXEMPT,
    ),
    DefaultItem(
        slug="spoon",
        name="Spoon with filter",
        desk_name="Spoon + filter",
        category=PREPARING,
        unit="spoon",
        units="spoons",
        pack=100,
        icon="flask-conical",
        desk=4,
        tracks_expiry=True,
        legal_note=EXEMPT,
    ),
    DefaultItem(
        slug="citric",
        name="Citric acid",
        desk_name="Citric",
        category=PREPARING,
        unit="sachet",
        units="sachets",
        pack=100,
        icon="flask-conical",
        desk=5,
        tracks_expiry=True,
        legal_note=EXEMPT,
    ),
    DefaultItem(
        slug="vitamin-c",
        name="Vitamin C",
        category=PREPARING,
        unit="sachet",
        units="sachets",
        pack=100,
        icon="flask-conical",
        tracks_expiry=True,
        legal_note=EXEMPT,
    ),
    DefaultItem(
        slug="sterile-water",
        name="Sterile water 2 ml",
        desk_name="Water, 2 ml",
        category=PREPARING,
        unit="ampoule",
        units="ampoules",
        pack=100,
        icon="droplet",
        desk=6,
        medicine=True,
        tracks_expiry=True,
        tracks_lot=True,
        legal_note=WATER,
    ),
    DefaultItem(
        slug="filter-wheel",
        name="Wheel filter",
        category=PREPARING,
        unit="filter",
        units="filters",
        pack=100,
        icon="droplets",
        tracks_expiry=True,
        legal_note=EXEMPT,
    ),
    DefaultItem(
        slug="filter-cotton",
        name="Cotton filter",
        category=PREPARING,
        unit="filter",
        units="filters",
        pack=100,
        icon="droplets",
        legal_note=EXEMPT,
    ),
    DefaultItem(
        slug="swab",
        name="Alcohol swab",
        desk_name="Swab",
        category=PREPARING,
        unit="swab",
        units="swabs",
        pack=100,
        icon="hand",
        desk=7,
        tracks_expiry=True,
        legal_note=EXEMPT,
    ),
    DefaultItem(
        slug="foil",
        name="Foil, uncoated",
        desk_name="Foil",
        category=SMOKING,
        unit="sheet",
        units="sheets",
        pack=35,
        icon="flame",
        desk=3,
        legal_note=FOIL,
    ),
    DefaultItem(
        slug="snorting-kit",
        name="Snorting kit",
        category=SMOKING,
        unit="kit",
        units="kits",
        pack=50,
        icon="wind",
        legal_note=NOT_EXEMPT,
    ),
    DefaultItem(
        slug="nasal-saline",
        name="Nasal saline",
        desk_name="Nose rinse",
        category=SMOKING,
        unit="bottle",
        units="bottles",
        pack=10,
        icon="wind",
        tracks_expiry=True,
    ),
    DefaultItem(
        slug="bin-small",
        name="Sharps bin, pocket size",
        desk_name="Bin, pocket",
        category=DISPOSAL,
        unit="bin",
        units="bins",
        pack=50,
        icon="recycle",
        desk=8,
    ),
    DefaultItem(
        slug="bin-large",
        name="Sharps bin, 1 litre",
        desk_name="Bin, 1 litre",
        category=DISPOSAL,
        unit="bin",
        units="bins",
        pack=25,
        icon="recycle",
    ),
    DefaultItem(
        slug="bin-desk",
        name="Sharps bin for the desk, 5 litres",
        desk_name="Bin, desk",
        category=DISPOSAL,
        unit="bin",
        units="bins",
        icon="recycle",
    ),
    DefaultItem(
        slug="prenoxad",
        name="Naloxone to inject (Prenoxad)",
        category=NALOXONE,
        unit="kit",
        units="kits",
        icon="heart-handshake",
        medicine=True,
        trained_only=True,
        naloxone=True,
        tracks_expiry=True,
        tracks_lot=True,
        legal_note=PRESCRIPTION,
        grain=QUARTER,
    ),
    DefaultItem(
        slug="nyxoid",
        name="Naloxone nasal spray (Nyxoid)",
        category=NALOXONE,
        unit="kit",
        units="kits",
        icon="heart-handshake",
        medicine=True,
        trained_only=True,
        naloxone=True,
        tracks_expiry=True,
        tracks_lot=True,
        legal_note=PRESCRIPTION,
        grain=QUARTER,
    ),
    DefaultItem(
        slug="face-shield",
        name="Face shield in a pouch",
        desk_name="Face shield",
        category=NALOXONE,
        unit="pouch",
        units="pouches",
        pack=10,
        icon="heart-handshake",
        grain=QUARTER,
    ),
    _make_strip("strip-nitazene", "Nitazene test strip", 25, desk=10, desk_name="Nitazene strip"),
    _make_strip("strip-fentanyl", "Fentanyl test strip", 10, desk_name="Fentanyl strip"),
    _make_strip("strip-benzo", "Benzodiazepine test strip", 25, desk_name="Benzo strip"),
    _make_strip("strip-xylazine", "Xylazine test strip", 25, desk_name="Xylazine strip"),
    DefaultItem(
        slug="strip-mixing-kit",
        name="Mixing kit for strips",
        desk_name="Strip mixing kit",
        category=CHECKING,
        unit="kit",
        units="kits",
        pack=25,
        icon="flask-conical",
        grain=QUARTER,
    ),
    DefaultItem(
        slug="posting-pack",
        name="Posting pack for drug checking",
        desk_name="Posting pack",
        category=CHECKING,
        unit="pack",
        units="packs",
        pack=25,
        icon="package",
        grain=QUARTER,
    ),
    _make_condom("condom", "Condom", desk=9),
    _make_condom("condom-larger", "Condom, larger"),
    replace(_make_condom("condom-internal", "Internal condom"), grain=QUARTER),
    _make_condom("condom-latex-free", "Condom, latex-free"),
    DefaultItem(
        slug="lube",
        name="Lube",
        category=SEX,
        unit="sachet",
        units="sachets",
        pack=200,
        icon="droplet",
        tracks_expiry=True,
    ),
    DefaultItem(
        slug="dental-dam",
        name="Dental dam",
        category=SEX,
        unit="dam",
        units="dams",
        pack=100,
        icon="heart-handshake",
        tracks_expiry=True,
        grain=QUARTER,
    ),
    DefaultItem(
        slug="gloves",
        name="Gloves",
        category=SEX,
        unit="pair",
        units="pairs",
        pack=50,
        icon="hand",
        tracks_expiry=True,
    ),
    DefaultItem(
        slug="chems-pack",
        name="Chems pack",
        category=SEX,
        unit="pack",
        units="packs",
        icon="boxes",
        tracks_expiry=True,
        grain=QUARTER,
    ),
    DefaultItem(
        slug="pregnancy-test",
        name="Pregnancy test",
        category=CARE,
        unit="test",
        units="tests",
        pack=20,
        icon="test-tube",
        tracks_expiry=True,
        tracks_lot=True,
        grain=YEAR,
    ),
    DefaultItem(
        slug="wound-care",
        name="Wound care pack",
        desk_name="Wound care",
        category=CARE,
        unit="pack",
        units="packs",
        icon="hand-heart",
        tracks_expiry=True,
        grain=QUARTER,
    ),
    DefaultItem(
        slug="dry-wipe",
        name="Dry wipe",
        category=CARE,
        unit="wipe",
        units="wipes",
        pack=100,
        icon="hand",
    ),
    DefaultItem(
        slug="hygiene-pack",
        name="Hygiene pack",
        category=CARE,
        unit="pack",
        units="packs",
        icon="hand-heart",
    ),
    DefaultItem(
        slug="period-pack",
        name="Tampons and pads",
        category=CARE,
        unit="pack",
        units="packs",
        icon="hand-heart",
    ),
    DefaultItem(
        slug="socks",
        name="Socks",
        category=CARE,
        unit="pair",
        units="pairs",
        pack=10,
        icon="hand-heart",
    ),
    DefaultItem(
        slug="hot-drink",
        name="Hot drink",
        category=FOOD,
        unit="cup",
        units="cups",
        icon="coffee",
        desk=11,
    ),
    DefaultItem(
        slug="food",
        name="Something to eat",
        desk_name="Food",
        category=FOOD,
        unit="serving",
        units="servings",
        icon="coffee",
        desk=12,
    ),
    DefaultItem(
        slug="leaflet",
        name="Harm reduction leaflet",
        desk_name="Leaflet",
        category=READING,
        unit="copy",
        units="copies",
        pack=100,
        icon="info",
    ),
    DefaultItem(
        slug="rights-card",
        name="Know-your-rights card",
        desk_name="Rights card",
        category=READING,
        unit="card",
        units="cards",
        pack=250,
        icon="shield",
    ),
    DefaultItem(
        slug="overdose-card",
        name="Overdose card",
        category=READING,
        unit="card",
        units="cards",
        pack=100,
        icon="info",
    ),
)
