// Lộ Trình: the roll call by thumb, on line or off. Without this file the form
// of the page does the same with radio buttons and one submit.
(function () {
  "use strict";
  var d = document, form = d.getElementById("roll");
  if (!form || !self.indexedDB || !self.fetch || !self.Promise) return;
  var me = form.dataset.me, session = form.dataset.session, api = "/api/classroom/sessions/" + session;
  var order = ["present", "late", "excused", "unexcused"], words = {};
  var status = d.getElementById("roll-status"), count = form.querySelector("[data-count]");
  var rows = Array.prototype.map.call(form.querySelectorAll(".roll-row"), row);
  var device = localStorage.getItem("device") || outbox.id();
  localStorage.setItem("device", device);

  function row(li) {
    var p = li.dataset.person, r = { li: li, person: p, name: li.querySelector("b").textContent };
    r.heads = field("h:" + p); r.was = field("was:" + p); r.reason = field("r:" + p); r.sub = field("b:" + p);
    r.radios = li.querySelectorAll('input[type="radio"]');
    r.radios.forEach(function (i) { words[i.value] = i.nextElementSibling.textContent; });
    r.tap = d.createElement("button");
    r.tap.type = "button";
    r.tap.className = "roll-tap";
    r.tap.innerHTML = '<span class="roll-who"></span><span class="pick"></span>';
    r.tap.firstChild.append(li.querySelector("b").cloneNode(true), li.querySelector("small").cloneNode(true));
    r.more = d.createElement("button");
    r.more.type = "button";
    r.more.className = "roll-other";
    r.more.textContent = "⋯";
    r.more.setAttribute("aria-label", form.dataset.other + " " + r.name);
    r.more.setAttribute("aria-expanded", "false");
    li.prepend(r.tap, r.more);
    r.tap.addEventListener("click", function () { choose(r, order[(order.indexOf(state(r)) + 1) % order.length]); dirty(r); });
    r.more.addEventListener("click", function () { r.more.setAttribute("aria-expanded", li.classList.toggle("roll-open")); });
    li.addEventListener("change", function () { show(r); dirty(r); });
    return r;
  }
  function field(name) { return form.elements.namedItem(name); }
  function state(r) { for (var i = 0; i < r.radios.length; i++) if (r.radios[i].checked) return r.radios[i].value; return "present"; }
  function choose(r, s) { r.radios.forEach(function (i) { i.checked = i.value === s; }); show(r); }
  function says(r) { var s = state(r); return s + "|" + r.reason.value.trim() + "|" + (s === "substitute" ? r.sub.value.trim() : ""); }
  function dirty(r) { r.dirty = true; tally(); }
  function show(r) {
    var s = state(r), pill = r.tap.lastChild;
    pill.textContent = words[s];
    pill.className = "pick on " + s;
    tally();
  }
  function tally() {
    var n = {};
    if (!rows) return;
    rows.forEach(function (r) { var s = state(r); n[s] = (n[s] || 0) + 1; });
    count.textContent = Object.keys(words).filter(function (s) { return n[s]; }).map(function (s) { return words[s] + " " + n[s]; }).join(" · ");
  }
  function tell(key, n, tone) {
    status.hidden = !key;
    status.className = "notice " + (tone || "info");
    if (key) status.firstElementChild.textContent = form.dataset[key].replace("{n}", n);
  }

  // take shows what the server says, but for rows changed since.
  function take(people) {
    var by = {};
    people.forEach(function (x) { by[x.person] = x; });
    rows.forEach(function (r) {
      var x = by[r.person];
      if (!x || r.dirty || !x.state) return;
      r.heads.value = x.heads.join(" ");
      r.reason.value = x.reason;
      r.sub.value = x.substitute;
      choose(r, x.state);
      r.was.value = says(r);
      r.li.classList.toggle("roll-disputed", x.conflict);
    });
    if (people.some(function (x) { return x.conflict; })) tell("disputed", "", "warn");
  }
  // redo shows marks that have not been sent yet.
  function redo(entries) {
    entries.forEach(function (e) {
      if (e.session !== session) return;
      e.body.marks.forEach(function (m) {
        var r = rows.filter(function (x) { return x.person === m.person; })[0];
        if (!r) return;
        r.heads.value = m.id;
        r.reason.value = m.reason;
        r.sub.value = m.substitute;
        choose(r, m.state);
        r.was.value = says(r);
      });
    });
  }

  function marks() {
    var at = new Date().toISOString(), out = [];
    rows.forEach(function (r) {
      if (r.was.value === says(r)) return;
      out.push({ id: outbox.id(), person: r.person, state: state(r), reason: r.reason.value.trim(),
        substitute: state(r) === "substitute" ? r.sub.value.trim() : "", at: at, bases: r.heads.value.split(" ").filter(Boolean) });
    });
    return out;
  }
  form.addEventListener("submit", function (e) {
    if (form.dataset.source === "paper") return; // the sheet is typed in where there is a network
    e.preventDefault();
    e.stopPropagation();
    form.classList.remove("sending");
    var bad = rows.filter(function (r) { return state(r) === "substitute" && !r.sub.value.trim(); })[0];
    if (bad) { bad.li.classList.add("roll-open"); bad.sub.focus(); tell("substitute", "", "bad"); return; }
    var list = marks();
    var entry = { me: me, session: session, url: api + "/marks", body: { device: device, final: true, marks: list } };
    outbox.add(entry).then(function () {
      redo([entry]);
      rows.forEach(function (r) { r.dirty = false; });
      return sync();
    }).catch(function () { form.dataset.source = "paper"; form.requestSubmit ? form.requestSubmit() : form.submit(); });
  });

  function sync() {
    return outbox.send(me, function (e, answer) {
      if (e.session !== session) return;
      outbox.note("roll:" + session, { n: answer.roll.roll_n, people: answer.roll.people, me: me });
      take(answer.roll.people);
      if (answer.refused.length) tell("refusedSome", answer.refused.map(function (x) { return x.message; }).join(" "), "bad");
      else if (!answer.roll.people.some(function (x) { return x.conflict; })) tell("sent", "", "good");
    }).then(function (end) {
      return outbox.list(me).then(function (all) {
        var refused = all.filter(function (e) { return e.refused; });
        if (refused.length) return tell("refusedSome", refused[0].refused, "bad");
        if (end.why === "sign-in") return tell("signIn", end.left, "warn");
        if (end.left) { tell("waiting", end.left, "warn"); later(); }
      });
    });
  }
  function later() {
    if (navigator.serviceWorker) navigator.serviceWorker.ready.then(function (w) { if (w.sync) return w.sync.register("outbox"); }).catch(function () { /* the page tries again by itself */ });
  }
  addEventListener("online", sync);
  setInterval(function () { if (navigator.onLine !== false) outbox.list(me).then(function (l) { if (l.some(function (e) { return !e.refused; })) sync(); }); }, 20000);

  // Keep the page and what it needs for the next visit without a network.
  function keepPage() {
    if (!self.caches || !navigator.serviceWorker) return;
    navigator.serviceWorker.register("/classroom/worker.js", { scope: "/classroom/" }).catch(function () { /* no secure origin: on line only */ });
    outbox.noted("me").then(function (old) {
      var clean = old && old !== me ? caches.delete("classroom-pages") : Promise.resolve();
      return clean.then(function () { return outbox.note("me", me); });
    }).then(function () {
      if (navigator.onLine === false) return;
      return Promise.all([
        caches.open("classroom-pages").then(function (c) { return c.add(location.pathname); }),
        caches.open("classroom-assets").then(function (c) {
          var urls = performance.getEntriesByType("resource").map(function (x) { return x.name; }).filter(function (u) { return u.indexOf(location.origin + "/assets/") === 0; });
          return c.addAll(urls);
        })]);
    }).catch(function () { /* full, or gone off line meanwhile */ });
  }

  form.classList.add("roll-live");
  rows.forEach(show);
  outbox.noted("roll:" + session).then(function (snap) {
    if (snap && snap.me === me && snap.n > Number(form.dataset.n)) take(snap.people);
    return outbox.list(me);
  }).then(function (l) { redo(l.filter(function (e) { return !e.refused; })); return l.length ? sync() : null; }).catch(function () { /* private window: on line only */ });
  keepPage();
})();
