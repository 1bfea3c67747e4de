// The outbox: every record is written here first, so that a dead network or a closed tab loses none.
// Two queues, each a database of its own: visits and shortfalls, and entries of the logs. No name, no hour, no author.
// A record goes the moment the server has it, and a database with its last record.
// A store that hangs holds nothing up: after `PATIENCE_MS` records live in memory until it answers again.
"use strict";

const outbox = (() => {
  const DATABASES = ["desk", "desk-logs"];
  const STORE = "outbox";
  const PATIENCE_MS = 2000;

  const memory = new Map(); // id → a record that is not on disk, or null for one that is to go from there
  const onDisk = new Map(); // id → a record, as it was read last
  let lasting = true; // whether all that was put is on disk
  let known = false; // whether the disk told what is on it
  let hanging = false;

  const databaseOf = (record) => (record?.kind ? DATABASES[1] : DATABASES[0]);

  // ---- Waiting, but not for ever ------------------------------------------------------------------------------------

  class Hangs extends Error {}

  // Settles as `work(signal)` does, or rejects when that takes too long; then `signal` tells it to change nothing.
  function within(work, ms = PATIENCE_MS) {
    const control = new AbortController();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        control.abort();
        reject(new Hangs());
      }, ms);
      Promise.resolve(work(control.signal)).then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  // As `within`. Once the store hangs nobody waits for it any more; a look in the background finds out when it answers.
  async function ask(work) {
    if (hanging) throw new Hangs();
    try {
      return await within(work);
    } catch (problem) {
      if (problem instanceof Hangs && !hanging) {
        hanging = true;
        probe();
      }
      throw problem;
    }
  }

  async function probe() {
    for (;;) {
      await new Promise((done) => setTimeout(done, 2 * PATIENCE_MS));
      try {
        for (const name of DATABASES) await within((signal) => transact(name, "readonly", (store) => store.count(), signal));
        hanging = false;
        return;
      } catch {
        // It still hangs.
      }
    }
  }

  const aborted = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Hangs()));
    });

  // Any number may read and write at once; whoever deletes a database does so alone. What hangs lets go of its lock.
  const locked = (name, mode, signal, work) =>
    navigator.locks
      ? navigator.locks.request(`${name}-database`, { mode, signal }, () => Promise.race([work(), aborted(signal)]))
      : work();

  // ---- The databases ------------------------------------------------------------------------------------------------

  // Resolves to null where there is no database and `make` does not ask for one.
  function open(name, make, signal) {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        if (make && !signal.aborted) request.result.createObjectStore(STORE, { keyPath: "id" });
        else request.transaction.abort(); // only looking: then it is not made
      };
      request.onsuccess = () => {
        if (signal.aborted) request.result.close();
        resolve(signal.aborted ? null : request.result);
      };
      request.onerror = (event) => {
        event.preventDefault();
        if (request.error.name === "AbortError" && !make) resolve(null);
        else reject(request.error);
      };
    });
  }

  // Runs `work(store)` in one transaction and resolves, once it is on disk, to what its request found.
  async function transact(name, mode, work, signal) {
    const db = await open(name, mode === "readwrite", signal);
    if (!db) return undefined;
    try {
      return await new Promise((resolve, reject) => {
        const transaction = db.transaction(STORE, mode, { durability: "strict" });
        signal.addEventListener("abort", () => {
          try {
            transaction.abort();
          } catch {
            // It was over already.
          }
        });
        const request = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Hangs());
      });
    } finally {
      db.close();
    }
  }

  const run = (name, mode, work) =>
    ask((signal) => locked(name, "shared", signal, () => transact(name, mode, work, signal)));

  // ---- Records ------------------------------------------------------------------------------------------------------

  async function all() {
    try {
      const read = [];
      for (const name of DATABASES) read.push(...((await run(name, "readonly", (store) => store.getAll())) ?? []));
      onDisk.clear();
      for (const record of read) onDisk.set(record.id, record);
      known = true;
      await writeMemory();
    } catch {
      lasting = known = false;
    }
    return [...new Map([...onDisk, ...memory]).values()].filter(Boolean);
  }

  // What could not be written before, once the disk answers again.
  async function writeMemory() {
    for (const [id, record] of memory) {
      const name = databaseOf(record ?? onDisk.get(id));
      if (record) await run(name, "readwrite", (store) => store.put(record));
      else if (onDisk.has(id)) await run(name, "readwrite", (store) => store.delete(id));
      if (memory.get(id) === record) memory.delete(id);
      if (record) onDisk.set(id, record);
      else onDisk.delete(id);
    }
    lasting = true;
  }

  // Change one record in a single transaction: `decide` gets it (or undefined) and returns the new one, null to drop
  // it, or undefined to leave it. Two tabs, or an undo while sending, cannot overwrite each other.
  async function change(record, decide) {
    const id = record.id ?? record;
    let result;
    if (!memory.has(id)) {
      try {
        await run(databaseOf(record), "readwrite", (store) => {
          const request = store.get(id);
          request.onsuccess = () => {
            result = decide(request.result);
            if (result === null) store.delete(id);
            else if (result !== undefined) store.put(result);
          };
          return request;
        });
        if (result) onDisk.set(id, result);
        else if (result === null) onDisk.delete(id);
        if (!result) await tidy(databaseOf(record));
        return result;
      } catch {
        lasting = false;
      }
    }
    result = decide(memory.has(id) ? (memory.get(id) ?? undefined) : onDisk.get(id));
    if (result !== undefined) memory.set(id, result);
    return result;
  }

  const put = (record) => change(record, () => record);

  // Delete a database once nothing is in it. Nobody writes meanwhile: they wait for the lock.
  async function tidy(name) {
    if (!navigator.locks || hanging) return;
    await within((signal) =>
      locked(name, "exclusive", signal, async () => {
        const left = await transact(name, "readonly", (store) => store.count(), signal).catch(() => 1);
        if (left !== 0 || signal.aborted) return;
        await new Promise((resolve) => {
          const request = indexedDB.deleteDatabase(name);
          request.onsuccess = request.onerror = request.onblocked = resolve;
        });
      }),
    ).catch(() => {});
  }

  // Random, and where a page has no lock (http) made by hand: nothing else tells two records apart.
  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  return { all, put, change, newId, within, lasts: () => lasting, knows: () => known };
})();
