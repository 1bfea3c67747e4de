// The desk on a device with scripts: tap tiles, log, undo, same again. The page underneath works as a plain form.
"use strict";

(() => {
  const { config } = sending;
  const words = config.words;
  const UNDO_MS = 30000;
  const MAX_AMOUNT = 999;
  const DOUBLE_TAP_MS = 700;
  const EMPTY_VISIT = { people: 1, tapped: {}, without: {}, said: {} };

  const find = (selector, root = document) => root.querySelector(selector);
  const form = find("#visit");
  const questions = [...document.querySelectorAll("[data-question]")];
  const tiles = [...document.querySelectorAll("[data-item]")];
  const bundles = [...document.querySelectorAll("[data-bundle]")];
  const undoButton = find("#undo");
  const againButton = find("#again");
  const howMany = find("#how-many");

  let last = null; // the visit that Undo and Same again mean, for half a minute
  let lastTimer;

  // ---- The form -------------------------------------------------------------------------------------------------

  // The number boxes and radios hold the visit; tiles.js shows the boxes as tiles.
  function readForm() {
    const tapped = {};
    for (const tile of tiles) {
      const amount = Math.trunc(Number(find("input", tile).value)) || 0;
      if (amount > 0) tapped[tile.dataset.item] = Math.min(amount, MAX_AMOUNT);
    }
    const without = {};
    for (const bundle of bundles) {
      without[bundle.dataset.bundle] = [...bundle.querySelectorAll(":checked")].map((box) => box.value);
    }
    const chosen = find("input[name=people]:checked", form);
    const said = {};
    for (const question of questions) {
      const answers = [...question.querySelectorAll(":checked")].map((box) => box.value).sort();
      said[question.dataset.question] = answers.length ? answers : ["not_asked"];
    }
    return { people: chosen ? Number(chosen.value) : 1, tapped, without, said };
  }

  // A bundle is counted as its parts, without those that were left out.
  function unbundle({ tapped, without }) {
    const items = {};
    for (const [id, amount] of Object.entries(tapped)) {
      for (const [part, each] of Object.entries(config.bundles[id] || { [id]: 1 })) {
        if (!without[id]?.includes(part)) items[part] = Math.min((items[part] || 0) + each * amount, MAX_AMOUNT);
      }
    }
    return items;
  }

  function fillForm({ people, tapped, without, said }) {
    for (const radio of form.elements.people) radio.checked = Number(radio.value) === people;
    for (const question of questions) {
      const answers = said[question.dataset.question] || ["not_asked"];
      for (const box of question.querySelectorAll("input")) box.checked = answers.includes(box.value);
    }
    for (const bundle of bundles) {
      const left = without[bundle.dataset.bundle] || [];
      for (const box of bundle.querySelectorAll("input")) box.checked = left.includes(box.value);
    }
    for (const tile of tiles) setAmount(tile, tapped[tile.dataset.item] || 0);
    updateSum();
  }

  function setAmount(tile, amount) {
    const box = find("input", tile);
    box.value = Math.max(0, Math.min(amount, MAX_AMOUNT));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function updateSum() {
    const visit = readForm();
    const items = unbundle(visit);
    for (const bundle of bundles) bundle.hidden = !visit.tapped[bundle.dataset.bundle];
    const sum = Object.values(items).reduce((a, b) => a + b, 0);
    const count = (kinds) => kinds.reduce((all, id) => all + (items[id] || 0), 0);
    find("#hint").textContent = count(config.acids) > count(config.sets) ? words.more_acid : "";
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
    if (visit) lastTimer = setTimeout(() => remember(null), UNDO_MS);
  }

  // ---- Logging and undoing ------------------------------------------------------------------------------------------

  let loggedAt = -DOUBLE_TAP_MS;

  async function log(content) {
    // The second tap of a double tap is no second visit.
    if (performance.now() - loggedAt < DOUBLE_TAP_MS) return;
    loggedAt = performance.now();
    const { people, tapped, without, said } = structuredClone(content);
    const items = unbundle({ tapped, without });
    // Empty the form before the visit is on disk: the next taps belong to the next visit, and Undo is not for this one yet.
    fillForm(EMPTY_VISIT);
    remember(null);
    const visit = await sending.keep("visit", { people, items, said }, words.logged);
    remember({ visit, tapped, without });
    say(words.logged);
    navigator.storage?.persist?.().catch(() => {});
  }

  async function undo() {
    if (!last) return;
    const { visit, tapped, without } = last;
    loggedAt = -DOUBLE_TAP_MS; // to log it again at once is meant
    remember(null);
    fillForm({ ...visit, tapped, without });
    say(words.undone);
    await sending.takeBack(visit);
  }

  // ---- Totals on the screen --------------------------------------------------------------------------------------

  function showTotals(records, { server, open, known }) {
    const opening = sending.getOpening();
    let { visits, people } = server || { visits: 0, people: 0 };
    for (const record of records) {
      if (record.why || !record.people || (record.opening !== null && record.opening !== opening)) continue;
      const step = record.void ? (record.counted ? -1 : 0) : 1;
      visits += step;
      people += step * record.people;
    }
    find("#total-visits").textContent = visits;
    find("#total-people").textContent = people;
    find("#here-only").hidden = known;
    find("#closed-meanwhile").hidden = !known || opening === null || open === opening;
  }

  sending.listen({ changed: showTotals });

  // ---- How many of it -------------------------------------------------------------------------------------------------

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

  // ---- Number keys, if somebody switched them on on this device -------------------------------------------------------

  const keys = find("#number-keys");
  keys.checked = document.cookie.split("; ").includes("keys=on");
  keys.addEventListener("change", () => {
    document.cookie = `keys=on; path=/desk/; samesite=strict; max-age=${keys.checked ? 31536000 : 0}`;
  });

  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.metaKey || event.ctrlKey || event.altKey || find("dialog[open]")) return;
    if (event.target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea")) return;
    if (/^[1-9]$/.test(event.key)) tiles[Number(event.key) - 1]?.querySelector(".tile-face").click();
    else if (event.key === "Enter" && !event.target.closest("button, a, summary")) form.requestSubmit();
  });

  // ---- Listening ------------------------------------------------------------------------------------------------------

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    log(readForm());
  });
  form.addEventListener("input", updateSum);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".badge")) askHowMany(button.closest("[data-item]"));
    if (button.dataset.amount && howMany.contains(button)) chooseAmount(Number(button.dataset.amount));
  });

  find("#how-many-form").addEventListener("submit", (event) => {
    if (event.submitter?.value === "back") return;
    event.preventDefault();
    chooseAmount(Math.max(0, Math.trunc(Number(find("#how-many-number").value)) || 0));
  });

  undoButton.closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    undo();
  });

  againButton.closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (last) log({ ...last.visit, tapped: last.tapped, without: last.without });
  });

  privacyScreen.onShow(() => remember(null));
  remember(null);
  updateSum();
  sending.flush();
})();
