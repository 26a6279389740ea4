// Lộ Trình: the page of a site (điểm cầu) by thumb, on line or off. Without this
// file the forms of the page do the same, one at a time.
(function () {
  "use strict";
  var d = document, root = d.getElementById("site");
  if (!root || !self.indexedDB || !self.fetch || !self.Promise) return;
  var say = root.dataset, me = say.me, site = say.site, url = "/api/classroom/sites/" + site + "/marks";
  var status = d.getElementById("site-status"), counts = d.getElementById("site-counts"), list = d.getElementById("site-incidents");
  var dirty = {}, device = localStorage.getItem("device") || outbox.id();
  localStorage.setItem("device", device);
  function all(q, f) { Array.prototype.forEach.call(root.querySelectorAll(q), f); }
  function two(n) { return (n < 10 ? "0" : "") + n; }
  // when is a moment in Vietnam's time, seven hours ahead of UTC all year, wherever the device thinks it is.
  function when(at) { var t = new Date(Date.parse(at) + 252e5); return two(t.getUTCHours()) + ":" + two(t.getUTCMinutes()) + " " + two(t.getUTCDate()) + "/" + two(t.getUTCMonth() + 1); }
  function tell(key, n, tone) {
    status.hidden = !key;
    status.className = "notice " + (tone || "info");
    if (key) status.firstElementChild.textContent = say[key].replace("{n}", n);
  }

  // show puts on the page what one subject says; heads are what the next mark of it
  // replaces.
  function show(subject, w) {
    var kind = subject.split(":")[0], of = subject.slice(kind.length + 1);
    if (kind === "check") check(of, w);
    else if (kind === "count") count(of, w);
    else if (kind === "sign") counts.elements["h:sign"].value = w.heads.join(" ");
    else if (kind === "incident") incident(of, w);
  }
  function check(key, w) {
    all('form[data-subject="check:' + key + '"]', function (f) {
      var yes = w.value === "yes", b = f.querySelector("button");
      f.elements.bases.value = w.heads.join(" ");
      f.elements.value.value = yes ? "no" : "yes";
      b.classList.toggle("on", yes);
      b.setAttribute("aria-pressed", yes);
      f.querySelector("[data-done-at]").textContent = yes ? say.done + " " + when(w.at) : "";
    });
  }
  function count(category, w) {
    var f = counts.elements;
    if (!f["n:" + category]) return;
    f["h:" + category].value = w.heads.join(" ");
    f["was:" + category].value = w.value;
    if (!dirty[category]) f["n:" + category].value = w.value;
    total();
  }
  function total() {
    var sum = 0;
    all(".site-count input[type=number]", function (i) { sum += Math.max(0, parseInt(i.value, 10) || 0); });
    counts.querySelector("[data-total]").textContent = sum.toLocaleString(d.documentElement.lang);
  }
  function incident(key, w) {
    var li = list.querySelector('[data-incident="' + key + '"]'), open = w.value !== "closed", f;
    if (!li) {
      if (!open) return;
      li = d.createElement("li");
      li.dataset.incident = key;
      li.innerHTML = '<span><b></b><small></small></span><form class="site-close"><input type="hidden" name="bases"><button class="button"></button></form>';
      f = li.querySelector("form");
      f.dataset.subject = "incident:" + key;
      f.querySelector("button").textContent = say.close;
      li.querySelector("b").textContent = word(w.value);
      li.querySelector("small").textContent = say.opened + " " + when(w.at) + (w.note ? ". " + w.note : "");
      list.append(li);
    }
    li.classList.toggle("open", open);
    f = li.querySelector("form");
    if (open) { if (f) f.elements.bases.value = w.heads.join(" "); return; }
    if (!f) return;
    f.remove();
    li.querySelector("small").textContent += ", " + say.closed + " " + when(w.at);
  }
  function word(kind) { var b = root.querySelector('.site-kinds [value="' + kind + '"]'); return b ? b.textContent : kind; }
  function signature(text, good) {
    var p = counts.querySelector("[data-signature]");
    p.textContent = text;
    p.classList.toggle("signed", good);
  }

  // take shows the site as the server has it.
  function take(s) {
    Object.keys(s.subjects).forEach(function (k) { show(k, s.subjects[k]); });
    var badge = root.querySelector("[data-state] .badge"), sign = s.subjects.sign;
    badge.textContent = s.state_text;
    badge.className = "badge " + s.tone;
    if (sign) signature(s.signed ? say.signed + " " + sign.by + ", " + when(sign.at) : say.stale, s.signed);
    if (Object.keys(s.subjects).some(function (k) { return s.subjects[k].conflict; })) tell("disputed", "", "warn");
  }
  // redo shows marks that have not been sent yet.
  function redo(entries) {
    entries.forEach(function (e) {
      if (e.site !== site) return;
      e.body.marks.forEach(function (m) {
        show(m.subject, { value: m.value, note: m.note, at: m.at, heads: [m.id] });
        if (m.subject === "sign") signature(say.signed + " " + when(m.at), true);
      });
    });
  }

  function mark(subject, value, bases, note) {
    var id = outbox.id();
    return { id: id, subject: subject === "incident" ? "incident:" + id : subject, value: value, note: note || "", at: new Date().toISOString(),
      bases: (bases || "").split(" ").filter(Boolean) };
  }
  function send(marks, plain) {
    if (!marks.length) return;
    var entry = { me: me, site: site, url: url, body: { device: device, marks: marks } };
    outbox.add(entry).then(function () { redo([entry]); return sync(); }).catch(plain);
  }
  root.addEventListener("submit", function (e) {
    var f = e.target, subject = f.dataset.subject, b = e.submitter;
    if (f === counts) { e.preventDefault(); done(f); return send(countMarks(!!(b && b.name === "sign")), function () { plain(f); }); }
    if (!subject) return;
    e.preventDefault();
    done(f);
    if (subject === "incident") {
      send([mark(subject, b.value, "", f.elements.note.value.trim())], function () { plain(f); });
      f.elements.note.value = "";
    } else if (subject.indexOf("incident:") === 0) send([mark(subject, "closed", f.elements.bases.value)], function () { plain(f); });
    else send([mark(subject, f.elements.value.value, f.elements.bases.value)], function () { plain(f); });
  });
  function done(f) { setTimeout(function () { f.classList.remove("sending"); }, 0); }
  function plain(f) { if (f.action) f.submit(); }
  function countMarks(sign) {
    var f = counts.elements, out = [], signed = [];
    all(".site-count", function (row) {
      var c = row.dataset.category, i = f["n:" + c], n = String(Math.max(0, parseInt(i.value, 10) || 0)), dispute = f["disputed:" + c];
      if (n !== "0") signed.push(c + "=" + n);
      delete dirty[c];
      if (i.value === "" && f["was:" + c].value === "" || f["was:" + c].value === n && !dispute) return;
      if (dispute) dispute.remove();
      out.push(mark("count:" + c, n, f["h:" + c].value));
    });
    if (sign) out.push(mark("sign", signed.sort().join(" "), f["h:sign"].value));
    else if (out.length) signature(say.unsigned, false);
    return out;
  }

  function sync() {
    return outbox.send(me, function (e, answer) {
      if (e.site !== site) return;
      outbox.note("site:" + site, { site: answer.site, me: me });
      if (answer.refused.length) tell("refused", answer.refused.map(function (x) { return x.message; }).join(" "), "bad");
      else tell("sent", "", "good");
      take(answer.site);
    }).then(function (end) {
      return outbox.list(me).then(function (left) {
        var refused = left.filter(function (e) { return e.refused && e.site === site; });
        redo(left.filter(function (e) { return !e.refused; }));
        if (refused.length) return tell("refused", refused[0].refused, "bad");
        if (end.why === "sign-in") return tell("signIn", "", "warn");
        if (end.left) { tell("waiting", "", "warn"); later(); }
      });
    });
  }
  function later() {
    if (navigator.serviceWorker) navigator.serviceWorker.ready.then(function (w) { if (w.sync) return w.sync.register("outbox"); }).catch(function () { /* the page tries again by itself */ });
  }
  addEventListener("online", sync);
  setInterval(function () { if (navigator.onLine !== false) outbox.list(me).then(function (l) { if (l.some(function (e) { return !e.refused; })) sync(); }); }, 15000);

  // Steppers, and the numbers of the roll call.
  all("[data-step]", function (b) {
    b.hidden = false;
    b.addEventListener("click", function () {
      var row = b.closest(".site-count"), i = row.querySelector("input[type=number]");
      i.value = Math.max(0, (parseInt(i.value, 10) || 0) + Number(b.dataset.step));
      dirty[row.dataset.category] = true;
      total();
    });
  });
  all(".site-count input[type=number]", function (i) {
    i.addEventListener("input", function () { dirty[i.closest(".site-count").dataset.category] = true; total(); });
  });
  all("[data-from-roll]", function (b) {
    b.hidden = false;
    b.addEventListener("click", function () {
      all(".site-count", function (row) { row.querySelector("input[type=number]").value = row.dataset.roll; dirty[row.dataset.category] = true; });
      total();
    });
  });

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
          return c.addAll(performance.getEntriesByType("resource").map(function (x) { return x.name; }).filter(function (u) { return u.indexOf(location.origin + "/assets/") === 0; }));
        })]);
    }).catch(function () { /* full, or gone off line meanwhile */ });
  }

  outbox.noted("site:" + site).then(function (snap) {
    if (snap && snap.me === me && snap.site.n > Number(say.n)) take(snap.site);
    return outbox.list(me);
  }).then(function (l) { redo(l.filter(function (e) { return !e.refused; })); return l.length ? sync() : null; }).catch(function () { /* private window: on line only */ });
  root.classList.add("site-live");
  keepPage();
})();
