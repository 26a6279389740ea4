// Lộ Trình: what a device writes while it may be off line. Each entry is a POST
// that the server takes any number of times with one effect. Entries are sent in
// the order they were made, by the page or by the service worker.
var outbox = (function () {
  "use strict";
  var opened;
  function open() {
    return opened || (opened = new Promise(function (ok, no) {
      var r = indexedDB.open("lotrinh-classroom", 1);
      r.onupgradeneeded = function () {
        r.result.createObjectStore("out", { keyPath: "id" });
        r.result.createObjectStore("note", { keyPath: "key" });
      };
      r.onsuccess = function () { ok(r.result); };
      r.onerror = function () { opened = null; no(r.error); };
    }));
  }
  function run(store, mode, act) {
    return open().then(function (d) {
      return new Promise(function (ok, no) {
        var t = d.transaction(store, mode), r = act(t.objectStore(store));
        t.oncomplete = function () { ok(r.result); };
        t.onerror = t.onabort = function () { no(t.error); };
      });
    });
  }
  function id() {
    if (self.crypto.randomUUID) return self.crypto.randomUUID();
    return Array.prototype.map.call(self.crypto.getRandomValues(new Uint8Array(16)), function (b) { return (b + 256).toString(16).slice(1); }).join("");
  }
  // add keeps {me, url, body} until it was sent. body may be a list for form posts.
  function add(entry) {
    entry.id = entry.id || id();
    entry.at = entry.at || Date.now();
    return run("out", "readwrite", function (s) { return s.put(entry); }).then(function () { return entry; });
  }
  function list(me) {
    return run("out", "readonly", function (s) { return s.getAll(); }).then(function (all) {
      return all.filter(function (e) { return e.me === me; }).sort(function (a, b) { return a.at - b.at || (a.id < b.id ? -1 : 1); });
    });
  }
  function drop(key) { return run("out", "readwrite", function (s) { return s.delete(key); }); }
  function note(key, value) { return run("note", "readwrite", function (s) { return s.put({ key: key, value: value }); }); }
  function noted(key) { return run("note", "readonly", function (s) { return s.get(key); }).then(function (r) { return r && r.value; }); }

  function post(e) {
    return fetch(e.url, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", "Accept": "application/json" }, body: JSON.stringify(e.body) });
  }
  // send posts what waits for me. It ends with {left, why}: why is "" when all is
  // sent, "offline", "sign-in" or "later" when the rest must wait.
  function send(me, taken) {
    return list(me).then(function (all) {
      var todo = all.filter(function (e) { return !e.refused; });
      function next() {
        var e = todo.shift();
        if (!e) return { left: 0, why: "" };
        return post(e).then(function (r) {
          if (r.ok) return r.json().then(function (answer) { return drop(e.id).then(function () { if (taken) taken(e, answer); return next(); }); });
          if (r.status === 401) return { left: todo.length + 1, why: "sign-in" };
          if (r.status === 403 || r.status === 408 || r.status === 429 || r.status >= 500) return { left: todo.length + 1, why: "later" };
          return r.json().catch(function () { return {}; }).then(function (p) {
            e.refused = p.title || String(r.status);
            return run("out", "readwrite", function (s) { return s.put(e); }).then(next);
          });
        }, function () { return { left: todo.length + 1, why: "offline" }; });
      }
      return next();
    });
  }
  function sendOnce(me, taken) {
    if (self.navigator && navigator.locks) return navigator.locks.request("lotrinh-outbox", function () { return send(me, taken); });
    return send(me, taken);
  }
  return { add: add, list: list, drop: drop, note: note, noted: noted, send: sendOnce, id: id };
})();
