// Sends the records of the outbox, as often as it takes, and shows their state at the top of the page.
// On every page of the desk. `sending.flush()` tries now; `sending.listen` adds a listener with `changed` and `taken`.
"use strict";

const sending = (() => {
  const config = JSON.parse(document.getElementById("desk-config").textContent);
  const words = config.words;
  const RETRY_MS = 20000;
  const SESSION_TIMEOUT_MS = 8000;
  const SEND_TIMEOUT_MS = 15000;
  const MAX_FAILURES = 2; // in a row: then it is the server, and not a record

  const find = (selector) => document.querySelector(selector);
  const sync = find("#sync");
  const state = {
    link: navigator.onLine ? "ok" : "offline", // ok | offline | troubled | ended
    server: config.visits === null ? null : { visits: config.visits, people: config.people },
    open: config.opening, // the opening that is open now, as far as we know
    known: config.visits !== null,
  };
  const listeners = [];

  // ---- Two kinds of record: a visit, and a shortfall (asked for, and not there) -------------------------------------

  const VISIT = {
    url: config.send,
    batchSize: 25,
    buildBody: (records) => ({
      visits: records.map(({ id, opening, evening, people, items, said, void: undone }) => ({
        id, opening, evening, people, items, said, void: undone,
      })),
    }),
    readTotals: ({ visits, people }) => ({ visits, people }),
  };

  const SHORTFALL = {
    url: config.send_missing,
    batchSize: 1, // each in a request of its own: nothing says that it came with a visit
    buildBody: ([{ id, evening, asked: { thing, reason }, void: undone }]) => ({ id, evening, thing, reason, void: undone }),
    readTotals: () => state.server,
  };

  const isShortfall = (record) => Boolean(record.asked);

  // ---- Evenings -----------------------------------------------------------------------------------------------------

  // The day an evening belongs to: before six in the morning it is still yesterday's.
  function getEvening(now = new Date()) {
    const day = new Date(now);
    if (day.getHours() < 6) day.setDate(day.getDate() - 1);
    return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  }

  const countDaysAgo = (record) => Math.round((Date.parse(getEvening()) - Date.parse(record.evening)) / 86400000);
  const isTooOld = (record) => countDaysAgo(record) > config.late_days;

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
        // One tab at a time, so that two do not send the same visits at once.
        if (navigator.locks) await navigator.locks.request("desk-outbox", sendAll);
        else await sendAll();
      } while (again);
    } catch {
      state.link = navigator.onLine ? "troubled" : "offline";
    } finally {
      busy = false;
      await showStatus();
    }
  }

  async function sendAll() {
    const csrf = await fetchSession();
    if (!csrf) return;
    const waiting = (await outbox.all()).filter((record) => !record.why && !isTooOld(record));
    waiting.sort((one, other) => (one.failed || 0) - (other.failed || 0));
    const visits = waiting.filter((record) => !isShortfall(record));
    const shortfalls = waiting.filter(isShortfall);
    if (await sendInBatches(VISIT, visits, csrf)) await sendOneByOne(SHORTFALL, shortfalls, csrf);
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
    const { csrf, open, visits, people } = await answer.json();
    Object.assign(state, { open, server: { visits, people }, known: true, link: "ok" });
    return csrf;
  }

  // Resolves to whether it makes sense to go on sending.
  async function sendInBatches(kind, records, csrf) {
    for (let i = 0; i < records.length; i += kind.batchSize) {
      const batch = records.slice(i, i + kind.batchSize);
      const outcome = await sendBatch(kind, batch, csrf);
      if (outcome === "ended") return false;
      if (outcome === "failed" && !(await sendOneByOne(kind, batch, csrf))) return false;
    }
    return true;
  }

  // A record that the server chokes on must not hold up the others; when the server is down, two are enough to know.
  async function sendOneByOne(kind, records, csrf) {
    let failures = 0;
    for (const record of records) {
      const outcome = await sendBatch(kind, [record], csrf);
      if (outcome === "ended") return false;
      failures = outcome === "failed" ? failures + 1 : 0;
      if (outcome === "failed") await update(record, (kept) => ({ ...kept, failed: (kept.failed || 0) + 1 }));
      if (failures === MAX_FAILURES) break;
    }
    if (failures) state.link = "troubled";
    return failures < MAX_FAILURES;
  }

  // Resolves to the outcome: "done", "failed" (send again later) or "ended" (signed out).
  async function sendBatch(kind, records, csrf) {
    for (const record of records) await update(record, (kept) => ({ ...kept, tried: true }));
    const answer = await fetch(kind.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(kind.buildBody(records)),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    if (answer.status === 401) {
      state.link = "ended";
      return "ended";
    }
    const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (!json?.results) return "failed";
    state.server = kind.readTotals(json);
    for (const record of records) await settle(record, json.results[record.id]);
    return records.some((record) => isForLater(json.results[record.id])) ? "failed" : "done";
  }

  const isForLater = (result) => !result || result.status === "later";

  // The server has the record, or refuses it for good. One for later stays as it is.
  async function settle(record, result) {
    if (isForLater(result)) return;
    const taken = result.status !== "refused";
    await update(record, (kept) => {
      if (kept.void !== record.void) return undefined; // undone while it was on its way
      return taken ? null : { ...kept, why: result.why };
    });
    if (taken) for (const listener of listeners) listener.taken?.(record);
  }

  const update = (record, decide) => outbox.change(record.id, (kept) => (kept ? decide(kept) : undefined));

  // ---- The state at the top of the page -----------------------------------------------------------------------------

  const pluralize = (one, many, n) => (n === 1 ? one : many).replace("{n}", n);

  function describeState(records) {
    const n = records.length;
    const refused = records.find((record) => record.why);
    if (refused) return ["refused", refused.why];
    if (state.link === "ended") return ["ended", n ? pluralize(words.ended_one, words.ended_many, n) : words.ended];
    const old = records.filter(isTooOld).length;
    if (old) return ["refused", pluralize(words.too_old_one, words.too_old_many, old)];
    if (records.some((record) => countDaysAgo(record) > 0)) {
      return ["waiting", pluralize(words.since_one, words.since_many, n)];
    }
    if (state.link === "troubled") {
      return ["waiting", n ? pluralize(words.troubled_one, words.troubled_many, n) : words.troubled];
    }
    if (n && state.link === "ok") return ["waiting", pluralize(words.sending_one, words.sending_many, n)];
    if (n) return ["waiting", pluralize(words.waiting_one, words.waiting_many, n)];
    return state.link === "offline" ? ["waiting", words.offline] : ["ok", words.all_sent];
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

  // ---- Records that cannot be sent ----------------------------------------------------------------------------------

  // A refused or too old record is never dropped by itself: somebody reads its content, and decides.
  async function showUnsent() {
    const records = await outbox.all();
    const refused = records.find((record) => record.why);
    const unsent = refused ? [refused] : records.filter(isTooOld);
    find("#kept-why").textContent = refused ? refused.why : words.too_old_why;
    find("#kept-lines").replaceChildren(
      ...describeUnsent(unsent).map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
    find("#kept").dataset.ids = JSON.stringify(unsent.map((record) => record.id));
    find("#kept").showModal();
  }

  // One line for each total, so that somebody can add them to the month by hand.
  function describeUnsent(records) {
    const visits = records.filter((record) => !isShortfall(record));
    const shortfalls = records.filter(isShortfall);
    const people = visits.reduce((sum, record) => sum + record.people, 0);
    return [
      `${words.month}: ${listMonths(records)}`,
      ...(visits.length ? [`${words.visits}: ${visits.length}`, `${words.people}: ${people}`] : []),
      ...[...countItems(visits)].map(([id, n]) => `${config.items[id] || words.something}: ${n}`),
      ...[...countAnswers(visits)].map(([answer, n]) => `${answer}: ${n}`),
      ...shortfalls.map(({ asked }) => words.missing.replace("{n}", asked.name)),
    ];
  }

  function listMonths(records) {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", year: "numeric", timeZone: "UTC" });
    return [...new Set(records.map((record) => format.format(new Date(record.evening))))].join(", ");
  }

  function countItems(visits) {
    const counts = new Map();
    for (const { items } of visits) {
      for (const [id, n] of Object.entries(items)) counts.set(id, (counts.get(id) || 0) + n);
    }
    return counts;
  }

  function countAnswers(visits) {
    const counts = new Map();
    for (const { said } of visits) {
      for (const [question, answers] of Object.entries(said || {})) {
        for (const answer of answers.filter((value) => value !== "not_asked")) {
          const line = describeAnswer(question, answer);
          counts.set(line, (counts.get(line) || 0) + 1);
        }
      }
    }
    return counts;
  }

  // In the words of the page, which has none for a question that is asked no more.
  function describeAnswer(question, answer) {
    const field = document.querySelector(`[data-question="${CSS.escape(question)}"]`);
    const box = field?.querySelector(`input[value="${CSS.escape(answer)}"]`);
    return box ? `${field.dataset.asks} ${box.closest("label").textContent.trim()}` : words.no_question;
  }

  async function discardUnsent() {
    for (const id of JSON.parse(find("#kept").dataset.ids)) await outbox.change(id, () => null);
    find("#kept").close();
    await flush();
  }

  // ---- When ---------------------------------------------------------------------------------------------------------

  find("#sync-look").addEventListener("click", showUnsent);
  find("#kept-drop").addEventListener("click", discardUnsent);
  addEventListener("online", flush);
  addEventListener("offline", () => {
    state.link = "offline";
    showStatus();
  });
  addEventListener("pageshow", flush);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) flush();
  });
  setInterval(async () => {
    if (state.link !== "ok" || (await outbox.all()).length) flush();
  }, RETRY_MS);

  return { config, flush, getEvening, listen: (listener) => listeners.push(listener) };
})();
