"""How gunicorn serves, on a laptop and in production: quietly. Found by gunicorn in the folder it starts in."""

import gc

LEFTOVERS = 10_000
"""So many objects that nobody has thrown away yet are worth a look."""

worker_class = "gthread"
threads = 4
graceful_timeout = 5
control_socket_disable = True

# No access log, and of errors what broke and where: the formatter leaves addresses and values out. Warnings are
# left out whole, since gunicorn writes the visitor's address into their text.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "hub.web.logging.QuietFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


def post_request(_worker: object, _request: object) -> None:
    """Sweep up what a page has left, now that it is sent and nobody waits for it."""
    if gc.get_count()[0] > LEFTOVERS:
        gc.collect()
