// The desk on a device with scripts: tap tiles, look, log, undo, same again. The page underneath works as a plain form.
"use strict";

const desk = (() => {
  const { config } = sending;
  const words = { ...config.words, ...JSON.parse(document.getElementById("screen-words").textContent) };
  const UNDO_MS = 300000;
  const MAX_AMOUNT = 999;
  const DOUBLE_TAP_MS = 700;
  const JUST_LOGGED_MS = 5000;
  const AGAIN_MS = 3000;
  const SAID_MS = 6000;
  const MAX_SAID = 3;
  const EMPTY_VISIT = { people: 1, tapped: {}, without: {}, said: {}, talk: false };

  const find = (selector, root = document) => root.querySelector(selector);
  const form = find("#visit");
  const questions = [...document.querySelectorAll("[data-question]")];
  const tiles = [...document.querySelectorAll("[data-item]")];
  const bundles = [...document.querySelectorAll("[data-bundle]")];
  const talk = find("[name=talk]", form);
  const undoButton = find("#undo");
  const againButton = find("#again");
  const howMany = find("#how-many");
  const basket = find("#basket");
  const active = find("#active");

  let last = null; // the visit that Same again repeats
  let undoable = []; // what Undo takes back, the newest last

  const pluralize = (one, many, n) => (n === 1 ? one : many).replace("{n}", n);
  const nameOf = (tile) => find(".tile-name", tile).textContent;
  const amountOf = (tile) => Math.min(Math.trunc(Number(find("input", tile).value)) || 0, MAX_AMOUNT);

  // ---- The form -------------------------------------------------------------------------------------------------

  // The number boxes and radios hold the visit; tiles.js shows the boxes as tiles.
  function readForm() {
    const tapped = {};
    for (const tile of tiles) if (amountOf(tile) > 0) tapped[tile.dataset.item] = amountOf(tile);
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
    return { people: chosen ? Number(chosen.value) : 1, tapped, without, said, talk: talk.checked };
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

  function fillForm(visit) {
    const { people, tapped, without, said } = { ...EMPTY_VISIT, ...visit };
    for (const radio of form.elements.people) radio.checked = Number(radio.value) === people;
    for (const question of questions) {
      const answers = said[question.dataset.question] || ["not_asked"];
      for (const box of question.querySelectorAll("input")) box.checked = answers.includes(box.value);
    }
    for (const bundle of bundles) {
      const left = without[bundle.dataset.bundle] || [];
      for (const box of bundle.querySelectorAll("input")) box.checked = left.includes(box.value);
    }
    talk.checked = Boolean(visit.talk);
    for (const tile of tiles) setAmount(tile, tapped[tile.dataset.item] || 0);
    showActive(null);
    update();
  }

  function setAmount(tile, amount) {
    const box = find("input", tile);
    if (Number(box.value) === amount) return;
    box.value = Math.max(0, Math.min(amount, MAX_AMOUNT));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const isSaid = ({ said }) => Object.values(said).some((answers) => answers.some((answer) => answer !== "not_asked"));
  const hasThings = ({ tapped }) => Object.keys(tapped).length > 0;
  // Nobody can log a visit with nothing in it by accident: a talk has a tile of its own.
  const isMeant = (visit) => hasThings(visit) || visit.talk || isSaid(visit);
  const isBegun = (visit) => isMeant(visit) || visit.people !== 1;

  function update() {
    const visit = readForm();
    const items = unbundle(visit);
    if (hasThings(visit)) talk.checked = visit.talk = false;
    for (const bundle of bundles) bundle.hidden = !visit.tapped[bundle.dataset.bundle];
    const sum = Object.values(items).reduce((a, b) => a + b, 0);
    const count = (kinds) => kinds.reduce((all, id) => all + (items[id] || 0), 0);
    find("#hint").textContent = count(config.acids) > count(config.sets) ? words.more_acid : "";
    find("#log-text").textContent = sum
      ? pluralize(words.log_one, words.log_many, sum)
      : visit.talk ? words.log_talk : words.log;
    find("#log").classList.toggle("waiting", !isMeant(visit));
    find("#basket-count").textContent = pluralize(words.things_one, words.things_many, sum);
    find("#basket-open").hidden = !isBegun(visit);
    againButton.hidden = !last || isBegun(visit);
    if (isBegun(visit)) drafts.keep("visit", { opening: sending.getOpening(), visit });
    else drafts.forget("visit");
    if (basket.open) showBasket();
  }

  // ---- In words --------------------------------------------------------------------------------------------------

  const lowerFirst = (name) =>
    /^\d/.test(name) ? `× ${name}` : /^.\p{Lu}/u.test(name) ? name : name[0].toLocaleLowerCase() + name.slice(1);

  function describe({ people, tapped }, { alone = true } = {}) {
    const things = tiles
      .filter((tile) => tapped[tile.dataset.item])
      .map((tile) => `${tapped[tile.dataset.item]} ${lowerFirst(nameOf(tile))}`);
    const said = things.slice(0, MAX_SAID);
    if (things.length > MAX_SAID) said.push(words.and_more.replace("{n}", things.length - MAX_SAID));
    const who = alone || people > 1 ? [pluralize(words.person_one, words.person_many, people)] : [];
    return [...who, ...(things.length ? said : [words.talk])].join(", ");
  }

  let saidTimer;

  // The answer to a tap, above the dock, wherever the page was scrolled to.
  function say(text, { undo = false, warn = false } = {}) {
    const said = find("#said");
    clearTimeout(saidTimer);
    said.classList.remove("shown", "warn");
    find("#said-text").textContent = "";
    find("#said-undo").hidden = !undo;
    requestAnimationFrame(() => {
      find("#said-text").textContent = text;
      said.classList.add("shown");
      said.classList.toggle("warn", warn);
      saidTimer = setTimeout(hush, SAID_MS);
    });
  }

  function hush() {
    find("#said").classList.remove("shown");
    find("#said-undo").hidden = true;
  }

  // ---- Logging, undoing, and the same again ------------------------------------------------------------------------

  let loggedAt = -Infinity;
  let repeatedAt = -Infinity;
  let answer = ""; // to be said with the total, once that is known

  async function log(content) {
    const since = performance.now() - loggedAt;
    if (!isMeant(content)) {
      if (since > DOUBLE_TAP_MS) say(since < JUST_LOGGED_MS ? words.just_logged : words.nothing, { warn: true });
      return;
    }
    loggedAt = performance.now();
    const visit = structuredClone(content);
    const { people, said } = visit;
    // Empty the form before the visit is on disk: the next taps belong to the next visit, and Undo is not for this one yet.
    fillForm(EMPTY_VISIT);
    remember(null);
    const what = describe(visit);
    const record = await sending.keep("visit", { people, items: unbundle(visit), said }, what);
    remember({ ...visit, record, what });
    answer = what;
    celebrate();
    await sending.flush();
  }

  function remember(visit) {
    last = visit;
    undoable = undoable.filter(({ isVisit }) => !isVisit); // of visits only the last can be undone
    if (visit) {
      find("#again-what").textContent = describe(visit, { alone: false });
      againButton.setAttribute("aria-label", words.again.replace("{what}", visit.what));
      offerUndo(visit.what, () => undoVisit(visit), true);
    } else showUndo();
    update();
  }

  async function undoVisit(visit) {
    if (last === visit) remember(null);
    loggedAt = -Infinity; // to log it again at once is meant
    if (isBegun(readForm())) say(words.undone_kept);
    else {
      fillForm(visit);
      say(words.undone);
    }
    await sending.takeBack(visit.record);
  }

  function offerUndo(what, take, isVisit = false) {
    const entry = { what, take, isVisit };
    undoable.push(entry);
    setTimeout(() => {
      undoable = undoable.filter((other) => other !== entry);
      showUndo();
    }, UNDO_MS);
    showUndo();
  }

  function showUndo() {
    const entry = undoable.at(-1);
    undoButton.hidden = !entry;
    if (entry) undoButton.setAttribute("aria-label", words.undo_visit.replace("{what}", entry.what));
  }

  async function undo() {
    const entry = undoable.pop();
    showUndo();
    hush();
    await entry?.take();
  }

  function again() {
    const now = performance.now();
    if (!last || now - loggedAt < DOUBLE_TAP_MS) return;
    if (now - repeatedAt < AGAIN_MS) {
      say(words.just_again, { warn: true });
      return;
    }
    repeatedAt = now;
    log(last);
  }

  function forgetVisit() {
    fillForm(EMPTY_VISIT);
    forgetLast();
    drafts.forgetAll();
  }

  function forgetLast() {
    undoable = [];
    answer = "";
    hush();
    remember(null);
  }

  // Only where somebody switched it on, on this device.
  function celebrate() {
    if (find("#buzz").checked) navigator.vibrate?.(40);
    if (find("#sound").checked) onDevice.playSound();
  }

  // ---- Totals and the state of sending, on the screen ----------------------------------------------------------------

  function showTotals(records, { server, open, known }) {
    const here = sending.getOpening();
    let { visits, people } = server || { visits: 0, people: 0 };
    for (const record of records) {
      if (record.why || !record.people) continue;
      if (record.opening !== null && record.opening !== here) continue;
      const step = record.void ? (record.counted ? -1 : 0) : 1;
      visits += step;
      people += step * record.people;
    }
    find("#total-visits").textContent = visits;
    find("#total-people").textContent = people;
    find("#here-only").hidden = known;
    const isClosed = known && here !== null && open !== here;
    find("#closed-meanwhile").hidden = !isClosed;
    if (isClosed && last) forgetLast();
    if (answer) say((known ? words.logged : words.logged_here).replace("{what}", answer).replace("{n}", visits));
    answer = "";
    showSync();
  }

  function showSync() {
    const { state, n } = find("#sync").dataset;
    const button = find("#sync-now");
    const short = { ok: words.sent, ended: words.sign_in, refused: words.not_sent }[state];
    button.hidden = false;
    button.dataset.state = state;
    button.setAttribute("aria-label", find("#sync-text").textContent);
    find("#sync-short").textContent = short ?? (Number(n) ? words.kept.replace("{n}", n) : words.offline);
  }

  function explainSync() {
    const sync = find("#sync");
    if (sync.dataset.state === "ended" || sync.dataset.state === "refused") {
      sync.scrollIntoView({ block: "center" });
      [...sync.querySelectorAll("a, button")].find((door) => door.checkVisibility())?.focus();
    }
    say(find("#sync-text").textContent);
  }

  sending.listen({ changed: showTotals });

  // ---- How many of it -------------------------------------------------------------------------------------------------

  let chosen = null; // the tile that the dialog, or the line above the tiles, is about

  function askHowMany(tile) {
    chosen = tile;
    const hint = find("small", tile)?.textContent ?? "";
    find("#how-many-of").textContent = nameOf(tile);
    find("#how-many-hint").textContent = hint;
    find("#how-many-hint").hidden = !hint;
    find("#how-many-number").value = find("input", tile).value;
    howMany.showModal();
  }

  function chooseAmount(amount) {
    setAmount(chosen, amount);
    howMany.close();
  }

  // The tile tapped last: more of it in one tap. The line has its place before, so nothing moves under a finger.
  function showActive(tile) {
    active.hidden = !tile || !amountOf(tile);
    find("#taken").hidden = !active.hidden;
    if (active.hidden) return;
    chosen = tile;
    find("#active-name").textContent = nameOf(tile);
  }

  // ---- What is in the visit, to look at and to correct ------------------------------------------------------------------

  function showBasket() {
    const { people } = readForm();
    find("#basket-people").textContent = pluralize(words.person_one, words.person_many, people);
    const lines = tiles.filter(amountOf).map((tile) => {
      const line = document.createElement("li");
      const name = Object.assign(document.createElement("span"), { textContent: nameOf(tile), dir: "auto" });
      const step = (by, sign, label) => {
        const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
        button.className = "button quiet";
        button.id = `basket-${by}-${tile.dataset.item}`;
        button.setAttribute("aria-label", label.replace("{thing}", nameOf(tile)));
        button.addEventListener("click", () => setAmount(tile, amountOf(tile) + by));
        return button;
      };
      const number = Object.assign(document.createElement("b"), { textContent: amountOf(tile), className: "number" });
      line.append(name, step(-1, "−", words.less), number, step(1, "+", words.one_more));
      return line;
    });
    if (talk.checked || !lines.length) {
      lines.push(Object.assign(document.createElement("li"), { textContent: talk.checked ? words.talk : words.empty }));
    }
    const focused = document.activeElement?.id;
    find("#basket-lines").replaceChildren(...lines);
    if (focused?.startsWith("basket-")) (document.getElementById(focused) ?? find("#basket-form .button")).focus();
  }

  // ---- Number keys, if somebody switched them on on this device -------------------------------------------------------

  document.addEventListener("keydown", (event) => {
    if (!find("#number-keys").checked || event.metaKey || event.ctrlKey || event.altKey || find("dialog[open]")) return;
    if (event.target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea")) return;
    if (/^[1-9]$/.test(event.key)) tiles[Number(event.key) - 1]?.querySelector(".tile-face").click();
    else if (event.key === "Enter" && !event.target.closest("button, a, summary")) form.requestSubmit();
  });

  // ---- Listening ------------------------------------------------------------------------------------------------------

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    log(readForm());
  });
  form.addEventListener("input", (event) => {
    if (event.target === talk && talk.checked && hasThings(readForm())) say(words.things_too, { warn: true });
    update();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const tile = button.closest("[data-item]");
    if (button.matches(".badge") && tile) askHowMany(tile);
    else if (tile && !tile.closest("dialog")) showActive(tile);
    if (button.dataset.amount && howMany.contains(button)) chooseAmount(Number(button.dataset.amount));
    if (button.dataset.add) setAmount(chosen, amountOf(chosen) + Number(button.dataset.add));
  });

  find("#how-many-form").addEventListener("submit", (event) => {
    if (event.submitter?.value === "back") return;
    event.preventDefault();
    chooseAmount(Math.max(0, Math.trunc(Number(find("#how-many-number").value)) || 0));
  });

  find("#basket-open").addEventListener("click", () => {
    showBasket();
    basket.showModal();
  });
  find("#basket-empty").addEventListener("click", () => {
    fillForm(EMPTY_VISIT);
    basket.close();
  });

  undoButton.closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    undo();
  });
  find("#said-undo").addEventListener("click", undo);
  againButton.closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    again();
  });
  find("#sync-now").addEventListener("click", explainSync);

  privacyScreen.onShow((pressed) => {
    if (pressed) forgetLast();
    else hush();
  });
  privacyScreen.onForget(forgetVisit);

  // ---- What was half entered before this page was loaded ----------------------------------------------------------------

  function restoreDraft() {
    const draft = drafts.read("visit");
    const here = sending.getOpening();
    const isOfTonight = draft && (draft.opening === null || here === null || draft.opening === here);
    if (draft && !isOfTonight) drafts.forgetAll();
    if (!isOfTonight || isBegun(readForm())) return;
    fillForm(draft.visit);
    say(words.draft_back);
  }

  restoreDraft();
  remember(null);
  sending.flush();

  return { words, tiles, say, offerUndo, setAmount, amountOf, nameOf, find };
})();
