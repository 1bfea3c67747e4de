"""The hub as gunicorn serves it, with a meter: each answer says how long it took and how many statements."""

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
    """The whole request, its middleware and its rendering included; not the network's part.

    How long the processor worked in Python is told beside it: a busy machine changes that less than how long it took.
    """
    meter, answer = Meter(), []
    began, worked = time.perf_counter(), time.thread_time()
    with connection.execute_wrapper(meter):
        body = hub(environ, lambda *said: answer.append(said))
        chunks = list(body)
        if hasattr(body, "close"):
            body.close()
    took, work = ((now - then) * 1000 for now, then in ((time.perf_counter(), began), (time.thread_time(), worked)))
    ((status, headers, *_problem),) = answer
    start_response(status, [*headers, (HEADER, f"{took:.3f} {work:.3f} {meter.statements}")])
    return chunks
