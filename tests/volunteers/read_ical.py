"""A second reader of calendars, strict and written from RFC 5545 alone, so that no library vouches for itself."""

import datetime as dt
import re

LINE = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)")
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "CLASS", "TRANSP"}
UTC = re.compile(r"\d{8}T\d{6}Z")


def lines(raw):
    """Unfolded lines: each ends in CR LF, none is longer than 75 octets, and a folded one goes on after a space."""
    assert raw.endswith(b"\r\n")
    physical = raw.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in physical)
    assert not any(b"\n" in line or b"\r" in line for line in physical)
    unfolded = []
    for line in physical:
        if line[:1] in {b" ", b"\t"}:
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    return [line.decode("utf-8") for line in unfolded]


def read(raw):
    """(properties of the calendar, a dict of each event); refuses what the standard does."""
    whole, events, inside = {}, [], []
    for line in lines(raw):
        name, _parameters, value = LINE.fullmatch(line).groups()
        if name == "BEGIN":
            assert value == ("VEVENT" if inside else "VCALENDAR")
            inside.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert inside.pop() == value
        else:
            assert inside
            into = events[-1] if inside[-1] == "VEVENT" else whole
            assert name not in into or name not in ONCE
            into[name] = text(value)
    assert inside == []
    assert whole["VERSION"] == "2.0"
    assert whole["PRODID"]
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)
        assert event["STATUS"] in {"TENTATIVE", "CONFIRMED", "CANCELLED"}
        for name in ("DTSTAMP", "DTSTART", "DTEND"):
            event[name] = moment(event[name])
        assert event["DTSTART"] < event["DTEND"]
        event["SEQUENCE"] = int(event["SEQUENCE"])
    assert len({event["UID"] for event in events}) == len(events)
    return whole, events


def moment(value):
    assert UTC.fullmatch(value)
    return dt.datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def text(value):
    return re.sub(r"\\([\\;,nN])", lambda match: "\n" if match[1] in "nN" else match[1], value)


# Outlook and Apple Calendar shift an event by hours where its zone comes without its table.
PARAMETER = re.compile(r";TZID=(\"[^\"]*\"|[^\";:,]*)")


def read_as_programs_do(raw):
    """Status by uid, as Outlook, Apple Calendar and Google are known to read a file; refuses what makes them stumble.

    Outlook takes a file without METHOD:PUBLISH for an invitation, and drops one with two methods or with an event
    outside the calendar's first component. Each zone that is named needs its table. Apple ignores an event whose end
    is not after its start. All forget an earlier version only by its uid, and by a number or a stamp that grew.
    """
    unfolded = lines(raw)
    assert unfolded[0] == "BEGIN:VCALENDAR"
    assert [line for line in unfolded if line.startswith("METHOD:")] == ["METHOD:PUBLISH"]
    assert unfolded.count("BEGIN:VCALENDAR") == 1
    named = {match[1].strip('"') for line in unfolded for match in PARAMETER.finditer(line.partition(":")[0])}
    tables = {line.partition(":")[2] for line in unfolded if line.startswith("TZID:")}
    assert named <= tables, "no event without a VTIMEZONE it names"
    events = "\n".join(unfolded).split("BEGIN:VEVENT\n")[1:]
    status = {}
    for event in events:
        about = dict(line.split(":", 1) for line in event.split("\n") if ":" in line)
        assert {"UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "STATUS"} <= set(about)
        assert about["DTSTART"] < about["DTEND"]
        assert all(UTC.fullmatch(about[name]) for name in ("DTSTAMP", "DTSTART", "DTEND"))
        assert "RRULE" not in about
        status[about["UID"]] = about["STATUS"]
    return status
