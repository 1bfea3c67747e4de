"""The way in for a web server."""

import gc
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template

type_of_application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

ROOM = 17_000
"""So many values. Python takes twice what is asked for, and the other half is deeper than any of our pages goes."""


def with_room(application: type_of_application) -> type_of_application:
    """The same, on a stack that has room for a whole page.

    Python keeps its stack in pieces of 16 KB, and takes and gives back a piece wherever calls come to the end of one.
    A template that includes others goes over such an end and back thousands of times a page: a quarter of the time
    that the shelf took. Asking for much at first makes the first piece a large one.
    """

    def roomy(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return application(environ, start_response)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=ROOM)
    return roomy


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

application = with_room(get_wsgi_application())
# The first visitor to a page does not wait while it is loaded.
import_module(settings.ROOT_URLCONF)
if not settings.DEBUG:
    templates = settings.BASE_DIR / "templates"
    for template in templates.rglob("*.*"):
        get_template(str(template.relative_to(templates)))
# What is loaded by now stays as long as the process does, so nobody looks through it for garbage again. The second
# look, at next to nothing, tells Python how little there is from now on, or it would let garbage heap up as if there
# were much.
gc.collect()
gc.freeze()
gc.collect()
# What a page leaves is swept once it has been sent (gunicorn.conf.py), not in the middle of the next one, where it held
# up every twentieth page for a tenth of a second. Only what makes very much is swept before.
gc.set_threshold(100_000, 20, 20)
