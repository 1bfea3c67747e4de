// The desk's worker: opens the desk and the emergency cards when there is no network. Of everything else, and of
// whatever is sent, it keeps nothing: no answer in JSON, no redirect, no other page.
// What is kept is replaced as a whole: when every page and file is there, is ours, and is of this version.
"use strict";

const FILES = {{ files|safe }}; // address → checksum
const PAGES = {{ pages|safe }}; // address → the page kept for it
const NO_WIFI = {{ no_wifi|safe }};
const SCOPE = {{ scope|safe }};
const HEADER = {{ header|safe }};
const VERSION = "{{ version }}";
const CACHE = `desk-${VERSION}`;
const PATIENCE_MS = 3000;
const PAGE_PATIENCE_MS = 10000;
const STORE_PATIENCE_MS = 1500;
const SKEW = "Desk-Skew";
const HASHED = /\.[0-9a-f]{12}\./;

const isOurs = (answer) => answer.headers.has(HEADER);

// Rejects when a store hangs: nobody waits for it.
const within = (promise) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("hangs")), STORE_PATIENCE_MS))]);

const findKept = (address) => within(caches.open(CACHE).then((cache) => cache.match(address))).catch(() => undefined);

// A page as it is now, whole, ours and of this version; with how far the clock of the hub is ahead of this device's.
async function fetchPage(address) {
  const answer = await fetch(address, { cache: "no-store", redirect: "error" });
  const text = await answer.text();
  if (answer.status !== 200 || answer.headers.get(HEADER) !== VERSION || !text.trimEnd().endsWith("</html>")) {
    throw new Error(`not ours: ${address}`);
  }
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const skew = Date.parse(answer.headers.get("Date")) - Date.now();
  if (!Number.isNaN(skew)) headers.set(SKEW, skew);
  return new Response(text, { headers });
}

// The browser itself refuses a file whose checksum is another.
async function fetchFile(address) {
  const answer = await fetch(address, { cache: "no-cache", redirect: "error", integrity: FILES[address] });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${address}`);
  return answer;
}

async function fill() {
  const addresses = [...new Set(Object.values(PAGES))];
  const pages = await Promise.all(addresses.map(fetchPage));
  const cache = await caches.open(CACHE);
  const missing = [];
  for (const address of Object.keys(FILES)) if (!(await cache.match(address))) missing.push(address);
  const files = await Promise.all(missing.map(fetchFile));
  await Promise.all(missing.map((address, i) => cache.put(address, files[i])));
  await Promise.all(addresses.map((address, i) => cache.put(address, pages[i])));
}

// A page that is kept. What a filter answers in our place is not shown instead.
async function showKept(event, path) {
  let answer;
  try {
    answer = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status >= 500 || (answer.ok && !isOurs(answer))) throw new Error("not the desk");
    if (answer.ok) event.waitUntil(fill().catch(() => {}));
    return answer;
  } catch {
    return (await findKept(PAGES[path])) || answer || Response.error();
  }
}

// Any other page of the desk, and whatever a form sends: without a network what to do meanwhile.
async function showPage(request) {
  const signal = request.method === "GET" ? AbortSignal.timeout(PAGE_PATIENCE_MS) : undefined;
  try {
    return await fetch(request, { signal });
  } catch {
    return (await findKept(NO_WIFI)) || Response.error();
  }
}

// Without a version in its name, as while developing, a file may have changed. A filter's page is no script of ours.
async function showFile(request, path) {
  const kept = await findKept(path);
  if (kept && HASHED.test(path)) return kept;
  const typeOf = (answer) => answer.headers.get("Content-Type")?.split(";")[0];
  try {
    const answer = await fetch(request);
    return kept && typeOf(answer) !== typeOf(kept) ? kept : answer;
  } catch {
    return kept || Response.error();
  }
}

async function forget(except) {
  for (const name of await caches.keys()) if (name.startsWith("desk-") && name !== except) await caches.delete(name);
}

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(within(forget(CACHE)).catch(() => {}).then(() => clients.claim())));
addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
});
addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const { method, mode } = event.request;
  if (origin !== location.origin) return;
  if (mode === "navigate" && method === "GET" && pathname in PAGES) event.respondWith(showKept(event, pathname));
  else if (mode === "navigate" && pathname.startsWith(SCOPE)) event.respondWith(showPage(event.request));
  else if (method === "GET" && pathname in FILES) event.respondWith(showFile(event.request, pathname));
});
