// The outbox: every visit is written here first, so that a dead network or a closed tab loses none.
// One record a visit: {id, opening, evening, people, items, said, void, tried, counted, failed, why}. No name, no hour, no
// author. A record goes the moment the server has it, and the whole database with the last one.
"use strict";

const outbox = (() => {
  const NAME = "desk";
  const STORE = "outbox";
  const memory = new Map(); // where the browser keeps nothing for us: better than losing it at once
  let lasting = true;

  // Any number may read and write at once; whoever deletes the database does so alone.
  const locked = (mode, work) => (navigator.locks ? navigator.locks.request("desk-database", { mode }, work) : work());

  // Resolves to null where there is no database and `make` does not ask for one.
  function open(make) {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        if (make) request.result.createObjectStore(STORE, { keyPath: "id" });
        else request.transaction.abort(); // only looking: then it is not made
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = (event) => {
        event.preventDefault();
        if (request.error.name === "AbortError" && !make) resolve(null);
        else reject(request.error);
      };
    });
  }

  // Runs `work(store)` in one transaction and resolves, once it is on disk, to what its request found.
  async function transact(mode, work) {
    const db = await open(mode === "readwrite");
    if (!db) return undefined;
    try {
      return await new Promise((resolve, reject) => {
        const transaction = db.transaction(STORE, mode, { durability: "strict" });
        const request = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      db.close();
    }
  }

  async function all() {
    let kept = [];
    try {
      kept = (await locked("shared", () => transact("readonly", (store) => store.getAll()))) ?? [];
    } catch {
      lasting = false;
    }
    return [...kept, ...memory.values()];
  }

  // Change one record in a single transaction: `decide` gets it (or undefined) and returns the new one, null to drop
  // it, or undefined to leave it. Two tabs, or an undo while sending, cannot overwrite each other.
  async function change(id, decide) {
    let result;
    if (memory.has(id)) {
      result = decide(memory.get(id));
      if (result === null) memory.delete(id);
      else if (result) memory.set(id, result);
      return result;
    }
    try {
      await locked("shared", () =>
        transact("readwrite", (store) => {
          const request = store.get(id);
          request.onsuccess = () => {
            result = decide(request.result);
            if (result === null) store.delete(id);
            else if (result !== undefined) store.put(result);
          };
          return request;
        }),
      );
    } catch {
      lasting = false;
      if (result) memory.set(id, result);
    }
    if (!result) await tidy();
    return result;
  }

  const put = (record) => change(record.id, () => record);

  // Delete the database once nothing is in it. Nobody writes meanwhile: they wait for the lock.
  async function tidy() {
    if (!navigator.locks) return;
    await locked("exclusive", async () => {
      const left = await transact("readonly", (store) => store.count()).catch(() => 1);
      if (left !== 0) return;
      await new Promise((resolve) => {
        const request = indexedDB.deleteDatabase(NAME);
        request.onsuccess = request.onerror = request.onblocked = resolve;
      });
    });
  }

  return { all, put, change, lasts: () => lasting };
})();
