// The desk on a device with scripts: tap tiles, log, undo, hide. The page underneath works as a plain form.
"use strict";

(() => {
  const config = JSON.parse(document.getElementById("desk-config").textContent);
  const words = config.words;
  const REMEMBER_MS = 30000;
  const IDLE_MS = 60000;
  const RETRY_MS = 20000;
  const AT_ONCE = 25;
  const MOST = 999;
  const DOUBLE_TAP_MS = 700;

  const find = (selector, root = document) => root.querySelector(selector);
  const form = find("#visit");
  const tiles = [...document.querySelectorAll("[data-item]")];
  const undoButton = find("#undo");
  const againButton = find("#again");
  const cover = find("#cover");
  const howMany = find("#how-many");

  let last = null; // the visit that Undo and Same again mean, for half a minute
  let lastTimer;
  let server = { visits: config.visits, people: config.people };
  let link = navigator.onLine ? "ok" : "offline"; // ok | offline | signed-out | refused

  const NOTHING = { people: 1, items: {} };

  // ---- The form -------------------------------------------------------------------------------------------------

  // The number boxes and radios are the one truth; tiles.js shows them as tiles.
  function readForm() {
    const items = {};
    for (const tile of tiles) {
      const amount = Math.trunc(Number(find("input", tile).value)) || 0;
      if (amount > 0) items[tile.dataset.item] = Math.min(amount, MOST);
    }
    const chosen = find("input[name=people]:checked", form);
    return { people: chosen ? Number(chosen.value) : 1, items };
  }

  function fillForm({ people, items }) {
    for (const radio of form.elements.people) radio.checked = Number(radio.value) === people;
    for (const tile of tiles) setAmount(tile, items[tile.dataset.item] || 0);
  }

  function setAmount(tile, amount) {
    const box = find("input", tile);
    box.value = Math.max(0, Math.min(amount, MOST));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function showSum() {
    const sum = Object.values(readForm().items).reduce((a, b) => a + b, 0);
    find("#log-text").textContent = sum
      ? (sum === 1 ? words.log_one : words.log_many).replace("{n}", sum)
      : words.log_nothing;
  }

  function say(text) {
    const status = find("#say");
    status.textContent = "";
    requestAnimationFrame(() => {
      status.textContent = text;
    });
  }

  function remember(visit) {
    clearTimeout(lastTimer);
    last = visit;
    undoButton.hidden = againButton.hidden = !visit;
    if (visit) lastTimer = setTimeout(() => remember(null), REMEMBER_MS);
  }

  let loggedAt = -DOUBLE_TAP_MS;

  async function log(content) {
    // The second tap of a double tap is no second visit.
    if (performance.now() - loggedAt < DOUBLE_TAP_MS) return;
    loggedAt = performance.now();
    const visit = { id: crypto.randomUUID(), opening: config.opening, ...structuredClone(content) };
    await outbox.put({ ...visit, void: false, tried: false, counted: false });
    fillForm(NOTHING);
    remember(visit);
    say(words.logged);
    await flush();
  }

  // Never tried: forgotten here. Tried, or counted: undone by an entry of the same id and content.
  async function undo() {
    const visit = last;
    if (!visit) return;
    loggedAt = -DOUBLE_TAP_MS; // to log it again at once is meant
    remember(null);
    const counted = visit.counted === true;
    await outbox.change(visit.id, (kept) =>
      kept && !kept.tried ? null : { ...visit, void: true, tried: false, counted },
    );
    fillForm(visit);
    say(words.undone);
    await flush();
  }

  // ---- Sending ----------------------------------------------------------------------------------------------------

  let sending = false;
  let sendAgain = false;

  async function flush() {
    if (sending) {
      sendAgain = true; // what came while sending must not be forgotten
      showTotals();
      return;
    }
    sending = true;
    try {
      do {
        sendAgain = false;
        await showTotals();
        // One tab at a time, so that two do not send the same visits at once.
        if (navigator.locks) await navigator.locks.request("desk-outbox", send);
        else await send();
      } while (sendAgain);
    } catch {
      link = "offline";
    } finally {
      sending = false;
      await showTotals();
    }
  }

  async function send() {
    const waiting = (await outbox.all()).filter((record) => !record.why);
    const session = await fetch(config.session, {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(8000),
    });
    if (session.status === 401 || session.status === 403) {
      link = "signed-out";
      return;
    }
    if (!session.ok) {
      link = "offline";
      return;
    }
    const { csrf, visits, people } = await session.json();
    server = { visits, people };
    link = "ok";
    for (let i = 0; i < waiting.length; i += AT_ONCE) {
      if (!(await sendSome(waiting.slice(i, i + AT_ONCE), csrf))) return;
    }
  }

  async function sendSome(records, csrf) {
    for (const record of records) {
      await outbox.change(record.id, (kept) => (kept ? { ...kept, tried: true } : undefined));
    }
    const entries = records.map(({ id, opening, people, items, void: undone }) => ({
      id, opening, people, items, void: undone,
    }));
    const response = await fetch(config.send, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ visits: entries }),
      signal: AbortSignal.timeout(15000),
    });
    if (response.status === 401) {
      link = "signed-out";
      return false;
    }
    const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    if (!answer || !answer.results) {
      link = "offline";
      return false;
    }
    server = { visits: answer.visits, people: answer.people };
    for (const record of records) {
      const result = answer.results[record.id];
      if (!result) continue;
      const taken = result.status !== "refused";
      await outbox.change(record.id, (kept) => {
        if (!kept || kept.void !== record.void) return undefined; // undone while it was on its way
        return taken ? null : { ...kept, why: result.why };
      });
      if (taken && !record.void && last && last.id === record.id) last.counted = true;
    }
    return true;
  }

  // ---- What the screen says of it -------------------------------------------------------------------------------

  async function showTotals() {
    const records = await outbox.all();
    let { visits, people } = server;
    for (const record of records) {
      if (record.opening !== config.opening || record.why) continue;
      const step = record.void ? (record.counted ? -1 : 0) : 1;
      visits += step;
      people += step * record.people;
    }
    find("#total-visits").textContent = visits;
    find("#total-people").textContent = people;
    const refused = records.find((record) => record.why);
    const sync = find("#sync");
    const n = records.length;
    sync.dataset.state = refused ? "refused" : link === "signed-out" ? "signed-out" : n || link !== "ok" ? "waiting" : "ok";
    sync.dataset.n = n;
    find("#sync-text").textContent = refused
      ? refused.why
      : link === "signed-out"
        ? words.signed_out.replace("{n}", n)
        : n
          ? (n === 1 ? words.waiting_one : words.waiting_many).replace("{n}", n)
          : link === "ok"
            ? words.all_sent
            : words.offline;
    find("#sync-sign-in").hidden = link !== "signed-out";
    const drop = find("#sync-drop");
    drop.hidden = !refused;
    drop.dataset.id = refused ? refused.id : "";
  }

  // ---- Hiding the screen: a curtain, not a lock --------------------------------------------------------------------

  let idle;
  const title = document.title;

  function hide() {
    remember(null);
    if (howMany.open) howMany.close();
    if (!cover.open) cover.showModal();
    document.title = words.hidden_title;
  }

  function lift() {
    document.title = title;
    stayAwake();
    flush();
  }

  function stayAwake() {
    clearTimeout(idle);
    idle = setTimeout(hide, IDLE_MS);
  }

  // ---- Listening ------------------------------------------------------------------------------------------------------

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    log(readForm());
  });

  form.addEventListener("input", showSum);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".badge")) askHowMany(button.closest("[data-item]"));
    if (button.matches("[data-close]")) howMany.close();
    if (button.id === "hide") hide();
    if (button.id === "sync-drop") {
      outbox.change(button.dataset.id, () => null).then(flush);
    }
    if (button.dataset.amount && howMany.contains(button)) chooseAmount(Number(button.dataset.amount));
  });

  undoButton.closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    undo();
  });

  againButton.closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (last) log({ people: last.people, items: last.items });
  });

  function askHowMany(tile) {
    howMany.dataset.for = tile.dataset.item;
    find("#how-many-of").textContent = find(".tile-name", tile).textContent;
    find("#how-many-number").value = find("input", tile).value;
    howMany.showModal();
  }

  function chooseAmount(amount) {
    setAmount(tiles.find((tile) => tile.dataset.item === howMany.dataset.for), amount);
    howMany.close();
  }

  find("#how-many-form").addEventListener("submit", (event) => {
    event.preventDefault();
    chooseAmount(Math.max(0, Math.trunc(Number(find("#how-many-number").value)) || 0));
  });

  cover.addEventListener("close", lift);
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, stayAwake, { passive: true });
  addEventListener("online", flush);
  addEventListener("offline", () => {
    link = "offline";
    showTotals();
  });
  addEventListener("pageshow", flush);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) flush();
  });
  setInterval(async () => {
    if ((await outbox.all()).length) flush();
  }, RETRY_MS);

  find("#hide").hidden = find("#sync").hidden = false;
  remember(null);
  showSum();
  stayAwake();
  flush();
})();
