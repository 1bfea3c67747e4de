"""Every part our pages are made of, in every state, on one page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hub.web.forms import Specimen
from volunteers.shared.charts import bars

COLOURS = (
    "paper",
    "surface",
    "sunken",
    "plum",
    "plum-soft",
    "marigold",
    "marigold-soft",
    "poppy",
    "poppy-soft",
    "teal",
    "teal-soft",
    "bar-colour",
)
DIALOG = "hub/web/styleguide/dialog.html"


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part of the interface. Nothing on the page does anything."""
    given_out = [(_("Foil"), 31), (_("Naloxone"), 12), (_("Pipe kits"), 9), (_("Nothing"), 0)]
    return render(
        request,
        "hub/web/styleguide/page.html",
        {
            "form": Specimen(prefix="blank"),
            "wrong": Specimen({"wrong-packs": "100", "wrong-name": "Ash"}, prefix="wrong"),
            "page_of_many": Paginator(range(50), 10).get_page(request.GET.get("page", 3)),
            "heads": [_("Item"), _("Number")],
            "rows": given_out,
            "chart": bars(given_out, _("Given out in a made-up month")),
            "colours": COLOURS,
            "two_languages": [("en-gb", "English"), ("pl", "Polski")],
        },
    )


@require_GET
def styleguide_dialog(request: HttpRequest) -> HttpResponse:
    """The content of the dialog; on its own a page like any other."""
    return render(request, f"{DIALOG}#inside" if request.htmx else DIALOG)  # type: ignore[attr-defined]
