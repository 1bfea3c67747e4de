// Sends the records of the outbox, as often as it takes, and shows their state.
// On every page of the desk. `sending.keep` keeps what was logged, `sending.takeBack` undoes it, `sending.flush` tries
// now, and `sending.listen` adds a listener with `changed(records, state)` and `taken(record)`.
"use strict";

const sending = (() => {
  const config = JSON.parse(document.getElementById("desk-config").textContent);
  const words = config.words;
  const POLL_MS = 10000;
  const SESSION_TIMEOUT_MS = 8000;
  const SEND_TIMEOUT_MS = 15000;
  const LOCK_TIMEOUT_MS = 5000;
  const MAX_FAILURES = 2; // in a row: then it is the server, and not a record
  const MAX_REMEMBERED = 100;

  const find = (selector) => document.querySelector(selector);
  const sync = find("#sync");
  const state = {
    link: navigator.onLine ? "ok" : "offline", // ok | offline | troubled | ended
    server: config.visits === null ? null : { visits: config.visits, people: config.people },
    open: config.opening, // the opening that is open now, as far as we know
    known: config.visits !== null,
  };
  const listeners = [];
  const asAsked = new Map(); // id → why the server wants it later
  const asSent = new Map(); // id → a record as it was sent, for undoing it once it is no longer kept

  // ---- Kinds of record: a visit, a shortfall (asked for, and not there), and an entry of a log ------------------------

  const VISIT = {
    url: config.send,
    batchSize: 25,
    build: ({ people, items, said }) => ({ ...clock.stamp(), people, items, said, counted: false }),
    settle: clock.settle,
    buildBody: (records) => ({
      visits: records.map(({ id, opening, evening, people, items, said, void: undone }) => ({
        id, opening, evening, people, items, said, void: undone,
      })),
    }),
  };

  // Each in a request of its own, with nothing in it that says with which visit it came.
  const SHORTFALL = {
    url: config.send_missing,
    batchSize: 1,
    build: ({ thing, reason }, told) => {
      const { opening, ...at } = clock.stamp();
      return { ...at, asked: { thing, reason, name: told } };
    },
    settle: (record) => clock.settle({ ...record, opening: null }),
    buildBody: ([{ id, evening, asked: { thing, reason }, void: undone }]) => ({ id, evening, thing, reason, void: undone }),
  };

  const ENTRY = {
    url: config.send_entry,
    batchSize: 1,
    // The month that stands in the form is as old as the page. Only one that somebody chose is believed.
    build: ({ id, csrfmiddlewaretoken, form_key, month, ...fields }, told, kind, chosenMonth) => {
      if (chosenMonth) return { kind, month: chosenMonth, fields, told };
      const { evening, after, skew } = clock.stamp();
      return { kind, month: `${evening.slice(0, 7)}-01`, ...(after && { after: after.slice(0, 7), skew }), fields, told };
    },
    settle: clock.settleMonth,
    buildBody: ([{ id, kind, month, fields, void: undone }]) => ({ id, kind, month, fields, void: undone }),
  };

  const KINDS = { visit: VISIT, shortfall: SHORTFALL, naloxone: ENTRY, reversal: ENTRY, strip: ENTRY };
  const kindOf = (record) => (record.kind ? ENTRY : record.asked ? SHORTFALL : VISIT);

  // ---- Keeping, and taking back ---------------------------------------------------------------------------------------

  // Keeps what a form holds and sends it. `fields` are its fields by name (arrays where several), of a visit {people,
  // items, said}; `told` is how the list of unsent records says it. `chosenMonth` is for an entry of a log, where somebody
  // chose its month. Resolves to the record once it is kept.
  async function keep(kind, fields, told, chosenMonth) {
    await clock.ready;
    const record = { id: outbox.newId(), ...KINDS[kind].build(fields, told, kind, chosenMonth), void: false, tried: false };
    await outbox.put(record);
    flush();
    return record;
  }

  // Never tried: forgotten here. Tried, or perhaps on a disk that hangs: undone by a record of the same id and content.
  async function takeBack(record) {
    const { id } = record;
    await outbox.change(record, (kept) => {
      if (kept && !kept.tried && outbox.lasts()) return null;
      const undone = { ...(kept ?? asSent.get(id) ?? record), void: true, tried: false };
      return { ...undone, ...("people" in undone && { counted: asSent.has(id) && !kept }) };
    });
    await flush();
  }

  // ---- Evenings -------------------------------------------------------------------------------------------------------

  const settleRecord = (record) => kindOf(record).settle(record);
  const countDaysAgo = (record) => (record.evening ? clock.countDaysSince(record.evening) : 0);
  const isLastMonthOver = ({ month }) => month && month < getLastMonth();

  function getLastMonth() {
    const [year, month] = clock.getEvening().split("-").map(Number);
    return new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 10);
  }

  // Only the hub knows how late it is: without its word nothing is too old, and nobody is asked about it.
  const isUnsure = (record) => clock.isHeard() && !record.why && !settleRecord(record);
  const isTooOld = (record) =>
    clock.isHeard() && !isUnsure(record) && (countDaysAgo(record) > config.late_days || isLastMonthOver(record));

  // ---- Sending ------------------------------------------------------------------------------------------------------

  let busy = false;
  let again = false;

  async function flush() {
    if (busy) {
      again = true; // a record that came while sending must not be forgotten
      await showStatus();
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        await showStatus();
        await alone(sendAll);
      } while (again);
    } catch {
      state.link = navigator.onLine ? "troubled" : "offline";
    } finally {
      busy = false;
      await showStatus();
    }
  }

  // One tab at a time, so that two do not send the same records at once. A tab or a lock that hangs is not waited for.
  function alone(work) {
    if (!navigator.locks) return work();
    return new Promise((resolve, reject) => {
      const control = new AbortController();
      let begun = false;
      const begin = () => {
        if (begun) return undefined;
        begun = true;
        clearTimeout(timer);
        return work().then(resolve, reject);
      };
      const timer = setTimeout(() => {
        control.abort();
        begin();
      }, LOCK_TIMEOUT_MS);
      navigator.locks.request("desk-outbox", { signal: control.signal }, begin).catch(begin);
    });
  }

  async function sendAll() {
    const csrf = await fetchSession();
    if (!csrf) return;
    const waiting = (await outbox.all()).filter((record) => !record.why && !isUnsure(record) && !isTooOld(record));
    const jobs = buildJobs(waiting);
    let failures = 0;
    while (jobs.length && failures < MAX_FAILURES) {
      const [kind, records] = jobs.shift();
      const outcome = await sendBatch(kind, records, csrf);
      if (outcome === "ended") return;
      // A record that the server chokes on must not hold up the others; when it is down, two are enough to know.
      if (outcome === "failed" && records.length > 1) jobs.unshift(...records.map((record) => [kind, [record]]));
      else failures = outcome === "failed" ? failures + 1 : 0;
      if (outcome === "failed" && records.length === 1) {
        await outbox.change(records[0], (kept) => kept && { ...kept, failed: (kept.failed || 0) + 1 });
      }
    }
    if (failures) state.link = "troubled";
  }

  // What goes in one request, in an order that says nothing; what failed before comes last.
  function buildJobs(records) {
    const jobs = [];
    for (const kind of new Set(Object.values(KINDS))) {
      const mine = records.filter((record) => kindOf(record) === kind).sort((one, other) => (one.failed || 0) - (other.failed || 0));
      for (let i = 0; i < mine.length; i += kind.batchSize) jobs.push([kind, mine.slice(i, i + kind.batchSize)]);
    }
    const last = ([, batch]) => Math.max(...batch.map((record) => record.failed || 0));
    return jobs
      .map((job) => [Math.random(), job])
      .sort(([one], [other]) => one - other)
      .map(([, job]) => job)
      .sort((one, other) => last(one) - last(other));
  }

  // Whether we may send, with a fresh token: one kept from before would be dead after signing in again.
  async function fetchSession() {
    const answer = await fetch(config.session, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(SESSION_TIMEOUT_MS),
    });
    if (answer.status === 401 || answer.status === 403) {
      state.link = "ended";
      return null;
    }
    if (!answer.ok) {
      state.link = "troubled";
      return null;
    }
    const { csrf, open, visits, people, ...moment } = await answer.json();
    clock.hear({ open, ...moment });
    Object.assign(state, { open, server: { visits, people }, known: true, link: "ok" });
    return csrf;
  }

  // Resolves to the outcome: "done", "failed" (send again later) or "ended" (signed out).
  async function sendBatch(kind, records, csrf) {
    const sent = [];
    for (const record of records) {
      const trying = await outbox.change(record, (kept) => kept && { ...(settleRecord(kept) ?? kept), tried: true });
      if (trying) sent.push(trying);
    }
    if (!sent.length) return "done";
    const answer = await fetch(kind.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(kind.buildBody(sent)),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    if (answer.status === 401) {
      state.link = "ended";
      return "ended";
    }
    const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (!json?.results) return "failed";
    if ("visits" in json) state.server = { visits: json.visits, people: json.people };
    for (const record of sent) await settle(record, json.results[record.id]);
    return sent.some((record) => hasFailed(json.results[record.id])) ? "failed" : "done";
  }

  // Without a reason it is the server that cannot; with one it is the record, which waits.
  const hasFailed = (result) => !result || (result.status === "later" && !result.why);

  // The server has the record, or refuses it until somebody decides. One for later stays as it is.
  async function settle(record, result) {
    if (hasFailed(result)) return;
    if (result.status === "later") {
      asAsked.set(record.id, result.why);
      return;
    }
    const taken = result.status !== "refused";
    await outbox.change(record, (kept) => {
      if (!kept || kept.void !== record.void) return undefined; // undone while it was on its way
      return taken ? null : { ...kept, why: result.why, versions: result.versions };
    });
    asAsked.delete(record.id);
    if (!taken) return;
    if (record.void) asSent.delete(record.id);
    else asSent.set(record.id, record);
    if (asSent.size > MAX_REMEMBERED) asSent.delete(asSent.keys().next().value);
    for (const listener of listeners) listener.taken?.(record);
  }

  // ---- The state at the top of the page -----------------------------------------------------------------------------

  const pluralize = (one, many, n) => (n === 1 ? one : many).replace("{n}", n);

  function describeState(records) {
    const n = records.length;
    const refused = records.find((record) => record.why);
    if (refused) return ["refused", refused.why];
    if (state.link === "ended") return ["ended", n ? pluralize(words.ended_one, words.ended_many, n) : words.ended];
    const old = records.filter(isTooOld).length;
    if (old) return ["refused", pluralize(words.too_old_one, words.too_old_many, old)];
    const unsure = records.filter(isUnsure).length;
    if (unsure) return ["refused", pluralize(words.unsure_one, words.unsure_many, unsure)];
    const asked = records.find((record) => asAsked.has(record.id));
    if (asked) return ["waiting", asAsked.get(asked.id)];
    if (records.some((record) => countDaysAgo(record) > 0)) {
      return ["waiting", pluralize(words.since_one, words.since_many, n)];
    }
    if (state.link === "troubled") {
      return ["waiting", n ? pluralize(words.troubled_one, words.troubled_many, n) : words.troubled];
    }
    if (n && state.link === "ok") return ["waiting", pluralize(words.sending_one, words.sending_many, n)];
    if (n) return ["waiting", pluralize(words.waiting_one, words.waiting_many, n)];
    if (state.link === "offline") return ["waiting", words.offline];
    return outbox.knows() ? ["ok", words.all_sent] : ["waiting", words.not_read];
  }

  async function showStatus() {
    const records = await outbox.all();
    const [status, text] = describeState(records);
    sync.hidden = "quiet" in sync.dataset && !records.length;
    sync.dataset.state = status;
    sync.dataset.n = records.length;
    if (find("#sync-text").textContent !== text) find("#sync-text").textContent = text;
    find("#sync-doors").hidden = status !== "ended";
    find("#sync-look").hidden = status !== "refused";
    find("#not-kept").hidden = outbox.lasts();
    for (const listener of listeners) listener.changed?.(records, state);
  }

  // ---- When ---------------------------------------------------------------------------------------------------------

  addEventListener("online", flush);
  addEventListener("offline", () => {
    state.link = "offline";
    showStatus();
  });
  addEventListener("pageshow", flush);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) flush();
  });
  // Two devices at one desk see each other's visits; what waits is tried again.
  setInterval(async () => {
    if (!document.hidden || (await outbox.all()).length) flush();
  }, POLL_MS);

  return {
    config,
    state,
    keep,
    takeBack,
    flush,
    isTooOld,
    isUnsure,
    kindOf: (record) => Object.keys(KINDS).find((name) => KINDS[name] === kindOf(record)),
    getEvening: clock.getEvening,
    getOpening: clock.getOpening,
    listen: (listener) => listeners.push(listener),
  };
})();
