// Lộ Trình: niceties. Every page works without this file.
(function () {
  "use strict";
  var d = document, sent = false;

  // Ask before an act that says data-confirm, and send each form once.
  d.addEventListener("submit", function (e) {
    var f = e.target, b = e.submitter, ask = (b && b.dataset.confirm) || f.dataset.confirm;
    if (ask && f.dataset.sure !== ask) {
      var box = d.getElementById("confirm");
      e.preventDefault();
      e.stopImmediatePropagation();
      if (!box || !box.showModal) { if (confirm(ask)) go(f, b, ask); return; }
      d.getElementById("confirm-text").textContent = ask;
      box.returnValue = "";
      box.onclose = function () { if (box.returnValue === "yes") go(f, b, ask); };
      box.showModal();
      return;
    }
    delete f.dataset.sure;
    if (f.method === "get" || f.method === "dialog") return;
    if (f.classList.contains("sending")) { e.preventDefault(); e.stopImmediatePropagation(); return; }
    f.classList.add("sending");
    sent = true;
    setTimeout(function () { f.classList.remove("sending"); sent = false; }, 8000);
  }, true);
  function go(f, b, ask) { f.dataset.sure = ask; f.requestSubmit ? f.requestSubmit(b) : f.submit(); }
  addEventListener("pageshow", function () {
    sent = false;
    d.querySelectorAll(".sending").forEach(function (f) { f.classList.remove("sending"); });
  });

  // Keep what is typed into a form that says data-keep until it was sent.
  function store(f) { return "keep:" + f.dataset.keep; }
  function keepable(i) { return i.name && !/^(hidden|password|file)$/.test(i.type) && !/^(one-time-code|current-password|new-password)$/.test(i.autocomplete); }
  function save(f) {
    var out = [];
    Array.prototype.forEach.call(f.elements, function (i, n) {
      if (keepable(i)) out.push([i.name, n, /^(checkbox|radio)$/.test(i.type) ? i.checked : i.value]);
    });
    try { localStorage.setItem(store(f), JSON.stringify({ at: Date.now(), v: out })); } catch (x) { /* full: go without */ }
  }
  function restore(f) {
    var kept;
    try { kept = JSON.parse(localStorage.getItem(store(f))); } catch (x) { return; }
    if (!kept || Date.now() - kept.at > 6048e5) return;
    kept.v.forEach(function (k) {
      var i = f.elements[k[1]];
      if (!i || i.name !== k[0]) return;
      if (typeof k[2] === "boolean") i.checked = k[2]; else i.value = k[2];
    });
    f.dataset.dirty = "1";
  }
  function begin(root) {
    root.querySelectorAll("form[data-keep]").forEach(function (f) { if (!f.dataset.begun) { f.dataset.begun = 1; restore(f); } });
    var first = root.querySelector("[data-focus]");
    if (first) first.focus();
  }
  d.addEventListener("input", function (e) {
    var f = e.target.form;
    if (f && f.dataset.keep) { f.dataset.dirty = "1"; save(f); }
  });
  addEventListener("beforeunload", function (e) {
    if (!sent && d.querySelector("form[data-dirty]")) e.preventDefault();
  });

  // Say so when the network is gone.
  function line() { var o = d.getElementById("offline"); if (o) o.hidden = navigator.onLine !== false; }
  addEventListener("online", line);
  addEventListener("offline", line);
  d.addEventListener("htmx:sendError", function () { var o = d.getElementById("offline"); if (o) o.hidden = false; });
  d.addEventListener("htmx:afterRequest", function (e) { if (e.detail.elt.classList) e.detail.elt.classList.remove("sending"); });
  d.addEventListener("htmx:load", function (e) { begin(e.target); });
  line();
  begin(d);
})();
