// Lộ Trình: keeps each answer of a test as it is given, again when the network is
// back, and tells how much time is left. The page works without it.
(function () {
  "use strict";
  var form = document.querySelector("form[data-attempt]");
  if (!form) return;
  var told = document.getElementById("saved"), left = document.getElementById("time-left");
  var key = "attempt:" + form.dataset.attempt, waiting = {}, timers = {}, sending = false, pause = 2000;

  function keep() {
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), v: waiting })); } catch (x) { /* full: go without */ }
  }
  function fields(set) {
    var p = new URLSearchParams();
    set.querySelectorAll("input,select,textarea").forEach(function (i) {
      if (i.name && (!/^(radio|checkbox)$/.test(i.type) || i.checked)) p.append(i.name, i.value);
    });
    return p.toString();
  }
  function put(set) { waiting[set.dataset.no] = fields(set); keep(); flush(); }
  function say(what) { if (told) told.textContent = told.dataset[what] || ""; }

  function flush() {
    var nos = Object.keys(waiting);
    if (sending || !nos.length) return;
    sending = true;
    say("saving");
    var sent = {}, body = nos.map(function (n) { sent[n] = waiting[n]; return waiting[n]; }).join("&");
    fetch(form.dataset.save, { method: "POST", body: body, headers: { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" } })
      .then(function (r) {
        sending = false;
        if (r.ok) {
          pause = 2000;
          nos.forEach(function (n) { if (waiting[n] === sent[n]) delete waiting[n]; });
          keep();
          if (Object.keys(waiting).length) flush(); else say("done");
        } else if (r.status === 401) { say("signin"); later();
        } else if (r.status === 409) { localStorage.removeItem(key); location.assign(form.dataset.result);
        } else { say("failed"); later(); }
      }, function () { sending = false; say("failed"); later(); });
  }
  function later() { clearTimeout(timers.again); timers.again = setTimeout(flush, pause); pause = Math.min(pause * 2, 60000); }

  function restore() {
    var old;
    try { old = JSON.parse(localStorage.getItem(key)); } catch (x) { return; }
    if (!old || Date.now() - old.at > 6048e5) return;
    waiting = old.v || {};
    Object.keys(waiting).forEach(function (no) {
      var set = form.querySelector('[data-no="' + no + '"]'), p = new URLSearchParams(waiting[no]);
      if (!set) { delete waiting[no]; return; }
      set.querySelectorAll("input,select,textarea").forEach(function (i) {
        if (i.type === "hidden") return;
        if (/^(radio|checkbox)$/.test(i.type)) i.checked = p.getAll(i.name).indexOf(i.value) >= 0;
        else if (p.has(i.name)) i.value = p.get(i.name);
      });
    });
    flush();
  }

  form.addEventListener("change", function (e) {
    var set = e.target.closest("[data-no]");
    if (set) { clearTimeout(timers[set.dataset.no]); put(set); }
  });
  form.addEventListener("input", function (e) {
    var set = e.target.closest("[data-no]");
    if (!set || !/^(text|textarea)$/.test(e.target.type)) return;
    waiting[set.dataset.no] = fields(set);
    keep();
    clearTimeout(timers[set.dataset.no]);
    timers[set.dataset.no] = setTimeout(flush, 1500);
  });
  form.addEventListener("submit", function (e) {
    if (navigator.onLine === false) { e.preventDefault(); e.stopPropagation(); form.classList.remove("sending"); say("offline"); }
  });
  addEventListener("online", flush);

  if (left && form.dataset.left) {
    var end = Date.now() + Number(form.dataset.left) * 1000;
    var tick = function () {
      var s = Math.max(0, Math.round((end - Date.now()) / 1000));
      left.textContent = Math.floor(s / 60) + ":" + ("0" + s % 60).slice(-2);
      if (s > 0) setTimeout(tick, 1000); else { flush(); form.requestSubmit ? form.requestSubmit() : form.submit(); }
    };
    tick();
  }
  restore();
})();
