// The evening it is, by the clock of the hub. The clock of this device may be wrong by a day or a year: what is known
// from it is only how much time went by, and even that only while it runs evenly.
"use strict";

const clock = (() => {
  const config = JSON.parse(document.getElementById("desk-config").textContent);
  const HOUR_MS = 3600000;
  const DAY_MS = 24 * HOUR_MS;
  const FRESH_MS = 60000;

  // What the hub told last: the moment, the evening, when that ends, and which desk was open. The page tells it first.
  let told = { now: config.now, evening: config.evening, ends: config.ends, open: config.opening };
  let opening = config.opening; // the desk that this page logs for
  // How far the hub's clock is ahead of ours; null for a page that was kept, until we know more.
  let skew = config.kept ? null : config.now - Date.now();
  let heardAt = null;
  let isHeard = skew !== null; // whether the hub told it since this page was loaded

  const read = () => ({ steady: performance.now(), date: Date.now() });
  if (isHeard) heardAt = read();

  // A kept page says when it was kept. Where the device says so, too, we know how far the two clocks are apart.
  const ready = isHeard
    ? Promise.resolve()
    : outbox
        .within(async () => {
          const kept = await window.caches?.match(config.shell);
          const header = kept?.headers.get("Desk-Skew");
          if (header && skew === null) skew = Number(header);
        }, 1000)
        .catch(() => {});

  function hear({ now, evening, ends, open }) {
    if (evening !== told.evening) opening = open; // another evening: this page is not for the last one's desk any more
    opening ??= open; // it was opened before there was a network here
    told = { now, evening, ends, open };
    skew = now - Date.now();
    heardAt = read();
    isHeard = true;
  }

  // Whether the hub told it so lately that nothing can have changed, however the device slept or its clock was set.
  function isFresh() {
    if (!heardAt) return false;
    const now = read();
    return Math.abs(now.steady - heardAt.steady) < FRESH_MS && Math.abs(now.date - heardAt.date) < FRESH_MS;
  }

  const addDays = (evening, days) => new Date(Date.parse(evening) + days * DAY_MS).toISOString().slice(0, 10);

  // The evening by all we know, and whether our clock says that it is still the one the hub told.
  function guess() {
    const now = skew === null ? null : Date.now() + skew;
    if (isFresh() || now === null || now < told.now - HOUR_MS) return { evening: told.evening, isTold: true, ran: now !== null && now >= told.now - HOUR_MS };
    if (now < told.ends) return { evening: told.evening, isTold: true, ran: true };
    return { evening: addDays(told.evening, Math.floor((now - told.ends) / DAY_MS) + 1), isTold: false, ran: true };
  }

  // What a visit says about when it was: the opening, and the evening. `after`, the evening that the hub told last, and
  // `skew` are added where that is a guess: see `settle`.
  function stamp() {
    const { evening, isTold, ran } = guess();
    const at = { opening: isTold ? opening : null, evening };
    return isFresh() && at.opening !== null ? at : { ...at, after: told.evening, skew: ran ? skew : null };
  }

  // A record as it is to be sent, or null while nobody can know its evening. It was made after the hub told `after`, and
  // before now: if that is one evening, it is this one. Else our guess holds only if our clock ran evenly in between.
  function settle(record) {
    const { after, skew: before, ...rest } = record;
    if (after === undefined && rest.opening) return rest;
    if (after === told.evening) return { ...rest, opening: rest.opening ?? opening, evening: after };
    const isEven = Math.abs(skew - (before === undefined ? 0 : before ?? Infinity)) < HOUR_MS;
    const fits = (after ?? "") <= rest.evening && rest.evening <= told.evening;
    return isEven && fits ? rest : null;
  }

  // The same for a record that knows only its month.
  function settleMonth({ after, skew: before, ...rest }) {
    const month = told.evening.slice(0, 7);
    if (after === undefined || after === month) return after ? { ...rest, month: `${month}-01` } : rest;
    const isEven = before !== null && Math.abs(skew - before) < HOUR_MS;
    return isEven && `${after}-01` <= rest.month && rest.month <= `${month}-01` ? rest : null;
  }

  const countDaysSince = (evening) => Math.round((Date.parse(guess().evening) - Date.parse(evening)) / DAY_MS);

  return {
    ready,
    hear,
    stamp,
    settle,
    settleMonth,
    countDaysSince,
    isHeard: () => isHeard,
    getEvening: () => guess().evening,
    getOpening: () => opening,
  };
})();
