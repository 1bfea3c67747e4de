"""The hub as gunicorn serves it, with a meter: each answer says how long it took in here and how many statements."""

import time

from django.db import connection

from hub.wsgi import application as hub

HEADER = "X-Took"


class Meter:
    """Counts the statements of one request."""

    def __init__(self):
        self.statements = 0

    def __call__(self, execute, sql, parameters, many, context):
        self.statements += 1
        return execute(sql, parameters, many, context)


def application(environ, start_response):
    """The whole request, its middleware and its rendering included; not the network's part."""
    meter, began, answer = Meter(), time.perf_counter(), []
    with connection.execute_wrapper(meter):
        body = hub(environ, lambda *said: answer.append(said))
        chunks = list(body)
        if hasattr(body, "close"):
            body.close()
    took = (time.perf_counter() - began) * 1000
    ((status, headers, *_problem),) = answer
    start_response(status, [*headers, (HEADER, f"{took:.3f} {meter.statements}")])
    return chunks
