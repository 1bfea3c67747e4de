// The outbox: every visit is written here first, so that a dead network or a closed tab loses none.
// One record a visit: {id, opening, people, items, void, tried, counted}. No name, no time, no author.
"use strict";

const outbox = (() => {
  const memory = new Map(); // where the browser keeps nothing for us: better than losing it at once
  let lasting = true;

  const database = new Promise((resolve) => {
    const request = indexedDB.open("desk", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("outbox", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  }).catch(() => null);

  // Runs `work(store)` in one transaction and resolves, once it is on disk, to what its request found.
  async function transact(mode, work) {
    const db = await database;
    if (!db) {
      lasting = false;
      return null;
    }
    return new Promise((resolve, reject) => {
      const transaction = db.transaction("outbox", mode, { durability: "strict" });
      const request = work(transaction.objectStore("outbox"));
      transaction.oncomplete = () => resolve(request ? request.result : undefined);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  async function all() {
    const kept = await transact("readonly", (store) => store.getAll());
    return kept === null ? [...memory.values()] : kept;
  }

  async function put(record) {
    if ((await transact("readwrite", (store) => store.put(record))) === null) memory.set(record.id, record);
  }

  // Change one record in a single transaction: `change` gets it (or undefined) and returns the new one,
  // or null to drop it. Two tabs, or an undo while sending, cannot overwrite each other.
  async function change(id, change) {
    let result;
    const done = await transact("readwrite", (store) => {
      const request = store.get(id);
      request.onsuccess = () => {
        result = change(request.result);
        if (result === null) store.delete(id);
        else if (result !== undefined) store.put(result);
      };
      return request;
    });
    if (done === null) {
      result = change(memory.get(id));
      if (result === null) memory.delete(id);
      else if (result !== undefined) memory.set(id, result);
    }
    return result;
  }

  return { all, put, change, lasts: () => lasting };
})();
