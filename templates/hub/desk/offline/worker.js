// The desk's worker: opens the desk and the emergency cards when there is no network. Of everything else, and of
// whatever is sent, it keeps nothing: no answer in JSON, no redirect, no other page.
"use strict";

const FILES = {{ files|safe }};
const PAGES = {{ pages|safe }}; // address → the page kept for it, where that is another
const CACHE = "desk-{{ version }}";
const PATIENCE_MS = 3000;
const HASHED = /\.[0-9a-f]{12}\./;

const keptFor = (path) => PAGES[path] || path;

async function keep(cache, address) {
  const answer = await fetch(address, { cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  await cache.put(address, answer);
}

// The pages as they are now; of the files what is missing.
async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all(FILES.map(async (address) => (await cache.match(address)) || keep(cache, address)));
  for (const address of Object.keys(PAGES)) await keep(cache, keptFor(address));
}

async function page(event, path) {
  try {
    const answer = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status >= 500) throw new Error(`${answer.status}`);
    if (answer.ok) event.waitUntil(fill().catch(() => {}));
    return answer;
  } catch {
    return (await caches.match(keptFor(path))) || Response.error();
  }
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept && HASHED.test(request.url)) return kept;
  try {
    return await fetch(request);
  } catch {
    return kept || Response.error();
  }
}

async function forget(except) {
  for (const name of await caches.keys()) if (name.startsWith("desk-") && name !== except) await caches.delete(name);
}

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(forget(CACHE).then(() => clients.claim())));
addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
});
addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (event.request.mode === "navigate" && pathname in PAGES) event.respondWith(page(event, pathname));
  else if (FILES.includes(pathname)) event.respondWith(file(event.request));
});
