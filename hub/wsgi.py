"""The way in for a web server."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")

application = get_wsgi_application()
# The first visitor does not wait while every view is loaded.
import_module(settings.ROOT_URLCONF)
# What is loaded by now stays as long as the process does, so nobody looks through it for garbage again. The second
# look, at next to nothing, tells Python how little there is from now on, or it would let garbage heap up as if there
# were much.
gc.collect()
gc.freeze()
gc.collect()
# What a page leaves is swept once it has been sent (gunicorn.conf.py), not in the middle of the next one, where it held
# up every twentieth page for a tenth of a second. Only what makes very much is swept before.
gc.set_threshold(100_000, 20, 20)
