"""What somebody types who means us no good, or whose keyboard fell down the stairs."""

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile

from hub.core.embedded_postgres import PROJECT

MARK = "x-marker"
MARKUP = f"\"'><{MARK} onx=1>"
SCRIPT_LINK = "javascript:x_marker()"
ELSEWHERE = "evil.example"
FORMULA = f'=HYPERLINK("http://{ELSEWHERE}/")'

WORDS = (
    MARKUP,
    f"<{MARK}>",
    f"{MARKUP}@{ELSEWHERE}",
    SCRIPT_LINK,
    f"//{ELSEWHERE}/",
    f"https://{ELSEWHERE}/",
    f"/\\{ELSEWHERE}/",
    f"x@{ELSEWHERE}\r\nBcc: y@{ELSEWHERE}",
    "a\r\nX-Evil: 1",
    "",
    " ",
    "\x00",
    "a\x00b",
    "\u202e\u0000\ufffe",
    "👩‍🚒" * 50,
    "A" * 20_000,
    "'",
    "' OR 1=1 --",
    "'; DROP TABLE volunteers_user; --",
    "%",
    "%00",
    "%s%(x)s%n",
    "{{ 7|add:7 }}{% debug %}",
    "{0.__class__}",
    "../../../../etc/passwd",
    FORMULA,
    "@SUM(1+1)",
    "null",
    "true",
    "on",
    "[]",
    '{"a": 1}',
    "[" * 2_000,
)
NUMBERS = (
    "0",
    "-1",
    "1",
    "3",
    "1.5",
    "1,5",
    "1e400",
    "1e-400",
    "NaN",
    "-Infinity",
    "٣",
    "²",
    "0x10",
    "1_000",
    str(2**15),
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    "9" * 40,
    "9" * 5_000,
)
TIMES = (
    "2026-02-30",
    "2026-11-26",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "99999-01-01",
    "2026-13",
    "2026-11",
    "0001-01",
    "9999-12",
    "2026-q5",
    "2026-q1",
    "2026",
    "24:61",
    "23:59",
    "2026-03-29T01:30",
    "FREQ=SECONDLY;COUNT=999999999",
    "FREQ=WEEKLY;BYDAY=XX;INTERVAL=0",
    "FREQ=YEARLY;BYYEARDAY=366;UNTIL=99991231",
)
ALL = (*WORDS, *NUMBERS, *TIMES, "00000000-0000-0000-0000-000000000000", "Zz-ZZ")
# What fits into an address without changing which one it is.
SEGMENTS = tuple(value for value in ALL if value.strip() and "/" not in value and len(value) < 5_001)

READS = re.compile(r"""GET(?:\.get|\.getlist)?[(\[]\s*["']([\w-]+)["']""")
HEADERS = (
    "HX-Request",
    "HX-Target",
    "HX-Trigger",
    "HX-Current-URL",
    "Accept",
    "Accept-Language",
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "Referer",
    "Origin",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "User-Agent",
)
COOKIES = ("s", "t", "a", "d", "at", "l", "messages")


def parameters():
    """Every name that a view looks for in a query, read from the views themselves; and what others look for."""
    names = {"next", "page", "q", "_popup", "format"}
    for app in ("hub", "volunteers", "supplies", "school"):
        for path in (PROJECT / app).rglob("*.py"):
            names |= set(READS.findall(path.read_text()))
    return sorted(names)


def value(rng, ids):
    """One hostile value: anything at all, or the id of somebody else's thing."""
    return str(rng.choice(ids)) if ids and rng.random() < 0.15 else rng.choice(ALL)


def file(rng):
    """Something that is not the file it says it is."""
    name = rng.choice((f"{MARKUP}.pdf", "a.pdf", "../../a.pdf", "a\x00.pdf", "a.svg", "A" * 300 + ".pdf"))
    content = rng.choice(
        (
            b"",
            b"\x00" * 100,
            f"<svg onload='{SCRIPT_LINK}'><{MARK}>".encode(),
            f"%PDF-1.7 <script><{MARK}></script> %%EOF".encode(),
        )
    )
    return SimpleUploadedFile(name, content, content_type=rng.choice(("application/pdf", "text/html", "")))


def body(rng):
    """What an outbox might send that is not ours."""
    inner = rng.choice((None, 1, "a", MARKUP, [], {}, [[[]]], {"id": "x"}, {"id": 1, "people": 10**30, "items": "x"}))
    whole = rng.choice((inner, [inner], {"visits": inner}, {"visits": [inner, inner]}, {"visits": {"a": inner}}))
    return rng.choice((json.dumps(whole), json.dumps(whole)[:-1], "\x00", "[" * 5_000, MARKUP))
