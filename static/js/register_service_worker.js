// Registers the desk's service worker, which keeps the desk for when there is no network.
"use strict";

navigator.serviceWorker?.register(sending.config.worker, { scope: sending.config.scope, updateViaCache: "none" }).catch(() => {});
