// Keeps what the page loaded: a second visit asks nobody for it, and needs no network. Large files travel packed, whatever the host does.
"use strict";
(() => { // JupyterLite's worker has names of its own
const CACHE = "handgrad-$digest";
const PACKED = new Set($packed); // these have a twin, NAME.packed
const HOME = new URL("./", self.location).href;
const TYPES = { wasm: "application/wasm", js: "text/javascript", json: "application/json", css: "text/css", zip: "application/zip" };

self.addEventListener("activate", (event) => event.waitUntil(forget()));
self.addEventListener("fetch", (event) => {
  const { request } = event, place = placeOf(request.url);
  if (request.method !== "GET" || place === null || /^api\/(drive|stdin|service-worker)/.test(place)) return;
  event.stopImmediatePropagation(); // JupyterLite's own listener is not asked
  event.respondWith(answer(event, request, place));
});
// The path of one of the site's own files, without what is asked of it; null for everything else.
function placeOf(url) {
  const bare = url.split(/[?#]/)[0];
  return bare.startsWith(HOME) ? decodeURIComponent(bare.slice(HOME.length)) : null;
}

async function answer(event, request, place) {
  const cache = await caches.open(CACHE), key = HOME + place;
  const kept = await cache.match(key);
  if (kept) return kept;
  const fresh = (await unpacked(place)) || (await fetch(request));
  if (fresh.status === 200 && !fresh.redirected && !request.headers.has("range")) event.waitUntil(cache.put(key, fresh.clone()));
  return fresh;
}

// A file out of its packed twin; null where it has none, or this browser cannot unpack.
async function unpacked(place) {
  if (!PACKED.has(place) || !self.DecompressionStream) return null;
  const twin = await fetch(`$${HOME}$${place}.packed`);
  if (!twin.ok) return null;
  const headers = { "Content-Type": TYPES[place.split(".").pop()] || "application/octet-stream" };
  return new Response(twin.body.pipeThrough(new DecompressionStream("gzip")), { headers });
}

// What earlier editions of the site left.
async function forget() {
  for (const name of await caches.keys()) if (name.startsWith("handgrad-") && name !== CACHE) await caches.delete(name);
}
})();
importScripts("lite-worker.js" + self.location.search);
