// Lộ Trình: lets the pages of the classroom that were visited open without a
// network, and sends what was written there when the network is back.
importScripts("OUTBOX");
var keepDays = 3;

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (e) { e.waitUntil(self.clients.claim()); });

function kept(path) { return /^\/classroom\/(sessions\/[^/]+\/roll|sites\/[^/]+|mine)$/.test(path); }

self.addEventListener("fetch", function (e) {
  var url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.indexOf("/assets/") === 0) { // the name changes with the content
    e.respondWith(caches.match(e.request).then(function (hit) { return hit || fetch(e.request); }));
  } else if (e.request.mode === "navigate" && kept(url.pathname)) {
    e.respondWith(page(e.request, url.pathname));
  }
});

function page(request, path) {
  return fetch(request).then(function (r) {
    if (r.ok && !r.redirected) {
      var copy = r.clone();
      caches.open("classroom-pages").then(function (c) { return c.put(path, copy); });
    } else if (r.status === 401) {
      caches.delete("classroom-pages"); // signed out: names do not stay on the device
    }
    return r;
  }, function (gone) {
    return caches.open("classroom-pages").then(function (c) { return c.match(path); }).then(function (hit) {
      if (!hit) throw gone;
      var made = Date.parse(hit.headers.get("Date") || "");
      if (made && Date.now() - made > keepDays * 864e5) throw gone;
      return hit;
    });
  });
}

self.addEventListener("sync", function (e) {
  if (e.tag !== "outbox") return;
  e.waitUntil(outbox.noted("me").then(function (me) { return me ? outbox.send(me) : null; }).then(function (end) {
    if (end && end.left && end.why !== "sign-in") throw new Error(end.why); // the browser tries again
  }));
});
