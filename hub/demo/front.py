"""The demo's front page: where it is, when it is usually open, and a line about an evening of outreach."""

import datetime as dt

from hub.core.hub import Hub
from hub.desk.models.openings import Opening
from hub.public.models.notices import Notice
from supplies.models import Item, Leaflet

PUBLIC_NAMES = {
    "fixed-1ml-29g": "1 ml syringes with a needle",
    "fixed-1ml-30g": "1 ml syringes with a finer needle",
    "barrel-1ml": "1 ml barrels, low dead space",
    "barrel-2ml": "2 ml barrels",
    "condom": "Condoms",
    "strip-nitazene": "Nitazene test strips",
    "strip-benzo": "Benzo test strips",
    "spoon": "Spoons with a filter",
    "bin-small": "Sharps bins for your pocket",
}
SMALL_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def add_front(tonight: dt.date) -> None:
    """Everything strangers see that no other part of the demo has made; the picture last."""
    Hub.objects.filter(pk=1).update(
        usual_hours="Tuesdays, Thursdays and Fridays, in the evening",
        controller="The Drug User Union, at the desk or by post to the address of the hub",
        show_address=True,
        way_in="Blue door beside the arch, middle bell. Two steps; we have a ramp. Nobody asks your name.",
        give_to="https://example.org/",
    )
    for slug, name in PUBLIC_NAMES.items():
        Item.objects.filter(slug=slug).update(public_name=name)
    Item.objects.filter(slug="bin-desk").update(public=False)
    Notice.objects.create(
        day=tonight + dt.timedelta(days=(5 - tonight.weekday()) % 7),
        words="Outreach round the market, until about 4 in the afternoon",
    )
    for leaflet in Leaflet.objects.order_by("pk")[:2]:
        leaflet.keep_file(SMALL_PDF)
    Opening.objects.update_public_stock()
