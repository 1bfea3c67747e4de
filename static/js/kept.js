// Records that cannot be sent: a refused, too old or unclear one is never dropped by itself. Somebody reads its content,
// and decides.
"use strict";

(() => {
  const { config } = sending;
  const words = config.words;
  const find = (selector) => document.querySelector(selector);
  const isVisit = (record) => !record.kind && !record.asked;

  async function showKept() {
    const records = await outbox.all();
    const refused = records.find((record) => record.why);
    const old = records.filter(sending.isTooOld);
    const unsent = refused ? [refused] : old.length ? old : records.filter(sending.isUnsure);
    find("#kept-why").textContent = refused ? refused.why : old.length ? words.too_old_why : words.unsure_why;
    find("#kept-lines").replaceChildren(
      ...describe(unsent).map((line) => Object.assign(document.createElement("li"), { textContent: line })),
    );
    find("#kept-tonight").hidden = Boolean(refused || old.length);
    find("#kept-again").hidden = !refused;
    find("#kept").dataset.ids = JSON.stringify(unsent.map((record) => record.id));
    find("#kept").showModal();
  }

  // One line for each total, so that somebody can add them to the month by hand.
  function describe(records) {
    const visits = records.filter(isVisit);
    const people = visits.reduce((sum, record) => sum + record.people, 0);
    return [
      `${words.month}: ${listMonths(records)}`,
      ...(visits.length ? [`${words.visits}: ${visits.length}`, `${words.people}: ${people}`] : []),
      ...[...countItems(visits)].map(([id, n]) => `${config.items[id] || words.something}: ${n}`),
      ...[...countAnswers(visits)].map(([answer, n]) => `${answer}: ${n}`),
      ...records.filter(({ asked }) => asked).map(({ asked }) => words.missing.replace("{n}", asked.name)),
      ...records.filter(({ kind }) => kind).map(({ told }) => told),
      ...records.flatMap(({ versions }) => versions ?? []),
    ];
  }

  function listMonths(records) {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", year: "numeric", timeZone: "UTC" });
    return [...new Set(records.map(({ evening, month }) => format.format(new Date(evening ?? month))))].join(", ");
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

  // Changes the records that somebody looked at, and tries to send what is left.
  async function decide(change) {
    const ids = JSON.parse(find("#kept").dataset.ids);
    const records = (await outbox.all()).filter(({ id }) => ids.includes(id));
    for (const record of records) await outbox.change(record, (kept) => kept && change(kept));
    find("#kept").close();
    await sending.flush();
  }

  // Somebody who was there says that they were of tonight: then the clock of this device does not matter.
  function countTonight({ after, skew, ...record }) {
    const evening = sending.getEvening();
    if (record.kind) return { ...record, month: `${evening.slice(0, 7)}-01` };
    return { ...record, evening, ...(isVisit(record) && { opening: sending.state.open }), after: evening, skew: null };
  }

  find("#sync-look").addEventListener("click", showKept);
  find("#kept-drop").addEventListener("click", () => decide(() => null));
  find("#kept-again").addEventListener("click", () => decide(({ why, versions, ...record }) => record));
  find("#kept-tonight").addEventListener("click", () => decide(countTonight));
})();
