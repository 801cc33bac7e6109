// The service worker: our own files and one empty frame for when there is no signal. It never keeps a page, never
// touches what is sent, and answers nothing while the network does. SITE is written above by the server.
self.addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(SITE.version);
  // As a stranger, so that the frame holds nobody's name.
  await cache.add(new Request(SITE.shell, { credentials: "omit", cache: "no-cache" }));
  await cache.addAll(SITE.assets.map((address) => new Request(address, { cache: "no-cache" })));
  await self.skipWaiting();
})()));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  // A page that was taken along before an update still asks for the files of its day.
  const old = (await caches.keys()).filter((name) => name !== SITE.version).slice(0, -2);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  const kept = request.mode === "navigate" ? SITE.shell : address.pathname;
  if (request.mode !== "navigate" && !kept.startsWith(SITE.files)) return;
  event.respondWith(fetch(request).catch(async (error) => {
    const answer = await caches.match(kept);
    if (!answer) throw error;
    return answer;
  }));
});
