// Sends what the outbox keeps, as often as it takes, and says at the top of the page how that stands.
// On every page of the desk. `sending.flush()` tries now; `sending.changed` is told whenever something changed.
"use strict";

const sending = (() => {
  const config = JSON.parse(document.getElementById("desk-config").textContent);
  const words = config.words;
  const RETRY_MS = 20000;
  const ASK_MS = 8000;
  const SEND_MS = 15000;
  const AT_ONCE = 25;
  const GIVE_UP_AFTER = 2; // failures in a row: then it is the server, and not what we send

  const find = (selector) => document.querySelector(selector);
  const sync = find("#sync");
  const state = {
    link: navigator.onLine ? "ok" : "offline", // ok | offline | troubled | ended
    server: config.visits === null ? null : { visits: config.visits, people: config.people },
    open: config.opening, // the opening that is open now, as far as we know
    known: config.visits !== null,
  };
  const listeners = [];

  // The day an evening belongs to: before six in the morning it is still yesterday's.
  function evening(now = new Date()) {
    const day = new Date(now);
    if (day.getHours() < 6) day.setDate(day.getDate() - 1);
    return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  }

  const daysAgo = (record) => Math.round((Date.parse(evening()) - Date.parse(record.evening)) / 86400000);
  const tooOld = (record) => daysAgo(record) > config.late_days;
  const say = (one, many, n) => (n === 1 ? one : many).replace("{n}", n);

  // ---- Sending ----------------------------------------------------------------------------------------------------

  let busy = false;
  let again = false;

  async function flush() {
    if (busy) {
      again = true; // what came while sending must not be forgotten
      await show();
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        await show();
        // One tab at a time, so that two do not send the same visits at once.
        if (navigator.locks) await navigator.locks.request("desk-outbox", send);
        else await send();
      } while (again);
    } catch {
      state.link = navigator.onLine ? "troubled" : "offline";
    } finally {
      busy = false;
      await show();
    }
  }

  async function send() {
    const csrf = await ask();
    if (!csrf) return;
    const waiting = (await outbox.all()).filter((record) => !record.why && !tooOld(record));
    waiting.sort((one, other) => (one.failed || 0) - (other.failed || 0));
    const visits = waiting.filter((record) => !record.asked);
    for (let i = 0; i < visits.length; i += AT_ONCE) {
      const some = visits.slice(i, i + AT_ONCE);
      const became = await post(some, csrf);
      if (became === "ended" || (became === "failed" && !(await oneByOne(some, csrf)))) return;
    }
    // Each in a request of its own: nothing says that it came with a visit.
    await oneByOne(waiting.filter((record) => record.asked), csrf);
  }

  // Whether we may send, with a fresh token: one kept from before would be dead after signing in again.
  async function ask() {
    const answer = await fetch(config.session, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(ASK_MS),
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

  // One that the server chokes on must not hold up the others; when the server is down, two are enough to know.
  async function oneByOne(records, csrf) {
    let failures = 0;
    for (const record of records) {
      const became = await post([record], csrf);
      if (became === "ended") return false;
      failures = became === "failed" ? failures + 1 : 0;
      if (became === "failed") {
        await outbox.change(record.id, (kept) => (kept ? { ...kept, failed: (kept.failed || 0) + 1 } : undefined));
      }
      if (failures === GIVE_UP_AFTER) break;
    }
    if (failures) state.link = "troubled";
    return failures < GIVE_UP_AFTER;
  }

  const asVisit = ({ id, opening, evening: day, people, items, said, void: undone }) => ({
    id, opening, evening: day, people, items, said, void: undone,
  });

  const asAsked = ({ id, evening: day, asked: { thing, reason }, void: undone }) => ({
    id, evening: day, thing, reason, void: undone,
  });

  // Visits, or one thing that was asked for and not there.
  async function post(records, csrf) {
    for (const record of records) {
      await outbox.change(record.id, (kept) => (kept ? { ...kept, tried: true } : undefined));
    }
    const { asked } = records[0];
    const answer = await fetch(asked ? config.send_missing : config.send, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(asked ? asAsked(records[0]) : { visits: records.map(asVisit) }),
      signal: AbortSignal.timeout(SEND_MS),
    });
    if (answer.status === 401) {
      state.link = "ended";
      return "ended";
    }
    const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (!said?.results) return "failed";
    if (!asked) state.server = { visits: said.visits, people: said.people };
    for (const record of records) await settle(record, said.results[record.id]);
    return records.some((record) => !said.results[record.id] || said.results[record.id].status === "later") ? "failed" : "done";
  }

  // The server has it, refuses it for good, or wants it later.
  async function settle(record, result) {
    if (!result || result.status === "later") return;
    const taken = result.status !== "refused";
    await outbox.change(record.id, (kept) => {
      if (!kept || kept.void !== record.void) return undefined; // undone while it was on its way
      return taken ? null : { ...kept, why: result.why };
    });
    if (taken) for (const listener of listeners) listener.taken?.(record);
  }

  // ---- What the page says of it -------------------------------------------------------------------------------------

  function words_for(records) {
    const n = records.length;
    const refused = records.find((record) => record.why);
    if (refused) return ["refused", refused.why];
    if (state.link === "ended") return ["ended", n ? say(words.ended_one, words.ended_many, n) : words.ended];
    const old = records.filter(tooOld).length;
    if (old) return ["refused", say(words.too_old_one, words.too_old_many, old)];
    if (records.some((record) => daysAgo(record) > 0)) return ["waiting", say(words.since_one, words.since_many, n)];
    if (state.link === "troubled") return ["waiting", n ? say(words.troubled_one, words.troubled_many, n) : words.troubled];
    if (n && state.link === "ok") return ["waiting", say(words.sending_one, words.sending_many, n)];
    if (n) return ["waiting", say(words.waiting_one, words.waiting_many, n)];
    return state.link === "offline" ? ["waiting", words.offline] : ["ok", words.all_sent];
  }

  async function show() {
    const records = await outbox.all();
    const [how, text] = words_for(records);
    sync.hidden = "quiet" in sync.dataset && !records.length;
    sync.dataset.state = how;
    sync.dataset.n = records.length;
    if (find("#sync-text").textContent !== text) find("#sync-text").textContent = text;
    find("#sync-doors").hidden = how !== "ended";
    find("#sync-look").hidden = how !== "refused";
    find("#not-kept").hidden = outbox.lasts();
    for (const listener of listeners) listener.changed?.(records, state);
  }

  // In the words on the page, which has none for a question that is asked no more.
  function answer_in_words(question, answer) {
    const asked = document.querySelector(`[data-question="${CSS.escape(question)}"]`);
    const box = asked?.querySelector(`input[value="${CSS.escape(answer)}"]`);
    return box ? `${asked.dataset.asks} ${box.closest("label").textContent.trim()}` : words.no_question;
  }

  // What is refused or too old is never dropped by itself: somebody reads what is in it, and says so.
  async function look() {
    const records = await outbox.all();
    const refused = records.find((record) => record.why);
    const these = refused ? [refused] : records.filter(tooOld);
    const visits = these.filter((record) => !record.asked);
    const sums = new Map();
    for (const { items } of visits) {
      for (const [id, n] of Object.entries(items)) sums.set(id, (sums.get(id) || 0) + n);
    }
    const answers = new Map();
    for (const { said } of visits) {
      for (const [question, given] of Object.entries(said || {})) {
        for (const answer of given.filter((one) => one !== "not_asked")) {
          const line = answer_in_words(question, answer);
          answers.set(line, (answers.get(line) || 0) + 1);
        }
      }
    }
    const people = visits.reduce((sum, record) => sum + record.people, 0);
    const inWords = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", year: "numeric", timeZone: "UTC" });
    const months = [...new Set(these.map((record) => inWords.format(new Date(record.evening))))].join(", ");
    const lines = [
      `${words.month}: ${months}`,
      ...(visits.length ? [`${words.visits}: ${visits.length}`, `${words.people}: ${people}`] : []),
      ...[...sums].map(([id, n]) => `${config.items[id] || words.something}: ${n}`),
      ...[...answers].map(([line, n]) => `${line}: ${n}`),
      ...these.filter((record) => record.asked).map(({ asked }) => words.missing.replace("{n}", asked.name)),
    ];
    find("#kept-why").textContent = refused ? refused.why : words.too_old_why;
    find("#kept-lines").replaceChildren(
      ...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
    find("#kept").dataset.ids = JSON.stringify(these.map((record) => record.id));
    find("#kept").showModal();
  }

  async function drop() {
    for (const id of JSON.parse(find("#kept").dataset.ids)) await outbox.change(id, () => null);
    find("#kept").close();
    await flush();
  }

  // ---- When -----------------------------------------------------------------------------------------------------------

  find("#sync-look").addEventListener("click", look);
  find("#kept-drop").addEventListener("click", drop);
  addEventListener("online", flush);
  addEventListener("offline", () => {
    state.link = "offline";
    show();
  });
  addEventListener("pageshow", flush);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) flush();
  });
  setInterval(async () => {
    if (state.link !== "ok" || (await outbox.all()).length) flush();
  }, RETRY_MS);

  return { config, flush, evening, listen: (listener) => listeners.push(listener) };
})();
