// Lộ Trình: niceties. Every page works without this file.
(function () {
  "use strict";
  var d = document, body = d.body, sent = false;
  function each(list, f) { Array.prototype.forEach.call(list, f); }
  function get(s, k) { try { return s.getItem(k); } catch (x) { return null; } }
  function set(s, k, v) { try { v === null ? s.removeItem(k) : s.setItem(k, v); } catch (x) { /* full or forbidden: go without */ } }

  // Ask before an act that says data-confirm, and send each form once.
  d.addEventListener("submit", function (e) {
    var f = e.target, b = e.submitter, ask = (b && b.dataset.confirm) || f.dataset.confirm;
    if (ask && f.dataset.sure !== ask) {
      stop(e);
      confirmed(ask, function () { f.dataset.sure = ask; f.requestSubmit ? f.requestSubmit(b || undefined) : f.submit(); });
      return;
    }
    delete f.dataset.sure;
    if (f.method !== "post") return;
    if (f.classList.contains("sending")) { stop(e); return; }
    f.classList.add("sending");
    sent = true;
    if (f.dataset.keep) set(sessionStorage, "sent", key(f));
    if ("forget" in f.dataset) forget();
    setTimeout(release, 8000);
  }, true);
  function stop(e) { e.preventDefault(); e.stopImmediatePropagation(); }
  function confirmed(ask, then) {
    var box = d.getElementById("confirm");
    if (!box || !box.showModal) { if (confirm(ask)) then(); return; }
    d.getElementById("confirm-text").textContent = ask;
    box.returnValue = "";
    box.onclose = function () { if (box.returnValue === "yes") then(); };
    box.showModal();
  }
  function release() { sent = false; each(d.querySelectorAll(".sending"), function (f) { f.classList.remove("sending"); }); }
  addEventListener("pageshow", release);

  // Keep what is typed into a form that says data-keep until it was carried out,
  // for the one person who typed it, at most a week.
  function key(f) { return "keep:" + (body.dataset.who || "") + ":" + f.dataset.keep; }
  function fields(f) {
    return Array.prototype.filter.call(f.elements, function (i) {
      return i.name && !/^(hidden|password|file|submit|button|fieldset)$/.test(i.type) && !/code|password/.test(i.autocomplete);
    });
  }
  function value(i, saved) {
    if (/^(checkbox|radio)$/.test(i.type)) return saved ? i.defaultChecked : i.checked;
    if (!i.options) return saved ? i.defaultValue : i.value;
    var on = [], any = false;
    each(i.options, function (o) { any = any || o.defaultSelected; on.push(saved ? o.defaultSelected : o.selected); });
    if (saved && !any && !i.multiple) on[0] = true;
    return on.indexOf(true) < 0 ? [] : on.map(function (x, n) { return x ? i.options[n].value : null; }).filter(function (x) { return x !== null; });
  }
  function values(f, saved) { return JSON.stringify(fields(f).map(function (i) { return [i.name, value(i, saved)]; })); }
  function save(f) {
    var now = values(f), base = values(f, true);
    if (now === base) { delete f.dataset.dirty; set(localStorage, key(f), null); return; }
    f.dataset.dirty = "1";
    set(localStorage, key(f), JSON.stringify({ at: Date.now(), base: base, now: now }));
  }
  function fill(f, now) {
    var kept = JSON.parse(now);
    fields(f).forEach(function (i, n) {
      if (!kept[n] || kept[n][0] !== i.name) return;
      var v = kept[n][1];
      if (typeof v === "boolean") i.checked = v;
      else if (typeof v === "string") i.value = v;
      else each(i.options, function (o) { o.selected = v.indexOf(o.value) >= 0; });
    });
    save(f);
  }
  function restore(f) {
    var kept, box = f.querySelector("[data-kept]"), use = f.querySelector("[data-kept-use]");
    try { kept = JSON.parse(get(localStorage, key(f))); } catch (x) { return; }
    if (!kept || !box || Date.now() - kept.at > 6048e5 || kept.now === values(f)) return;
    box.hidden = false;
    if (kept.base === values(f, true)) { fill(f, kept.now); use.hidden = true; }
    use.onclick = function () { fill(f, kept.now); use.hidden = true; };
    f.querySelector("[data-kept-drop]").onclick = function () { f.reset(); save(f); set(localStorage, key(f), null); box.hidden = true; };
  }
  function forget() { Object.keys(localStorage).forEach(function (k) { if (!k.indexOf("keep:")) set(localStorage, k, null); }); }

  // A form was carried out when the answer to it sent us on to another page.
  function settle() {
    var k = get(sessionStorage, "sent"), nav = performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
    set(sessionStorage, "sent", null);
    if (k && nav && nav.redirectCount > 0 && !("failed" in body.dataset) && !d.querySelector("main [type=password]")) set(localStorage, k, null);
  }
  function begin(root) {
    each(root.querySelectorAll("form[data-keep]"), function (f) { if (!f.dataset.begun) { f.dataset.begun = 1; restore(f); } });
    var first = root.querySelector("[data-focus]");
    if (first) first.focus();
  }
  d.addEventListener("input", function (e) { var f = e.target.form; if (f && f.dataset.keep) save(f); });
  addEventListener("beforeunload", function (e) { if (!sent && d.querySelector("form[data-dirty]")) e.preventDefault(); });

  // Say so when the network is gone.
  function line(gone) { var o = d.getElementById("offline"); if (o) o.hidden = !gone; }
  addEventListener("online", function () { line(false); });
  addEventListener("offline", function () { line(true); });
  d.addEventListener("htmx:sendError", function () { line(true); release(); });
  d.addEventListener("htmx:afterRequest", function (e) {
    var f = e.detail.elt;
    if (f.dataset && f.dataset.keep && e.detail.successful) { set(localStorage, key(f), null); delete f.dataset.dirty; }
    if (f.classList) f.classList.remove("sending");
  });
  d.addEventListener("htmx:load", function (e) { begin(e.target); });
  settle();
  begin(d);
})();
