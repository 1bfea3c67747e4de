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
# What is loaded by now stays as long as the process does. Looking through all of it for garbage again and again
# stopped one request in ten for a tenth of a second.
gc.collect()
gc.freeze()
