// Lộ Trình: offer what fits what is typed into a field that says data-pick.
(function () {
  "use strict";
  if (window.picking) return; // a page with two such fields names this file twice
  window.picking = true;
  var d = document, wait, n = 0;
  function list(i) { return d.getElementById(i.getAttribute("aria-controls")); }
  function hold(i, id) { var box = d.getElementById(i.dataset.pickId); if (box) box.value = id; }
  function close(i) {
    list(i).hidden = true;
    i.setAttribute("aria-expanded", "false");
    i.removeAttribute("aria-activedescendant");
  }
  function begin(i) {
    if (i.getAttribute("role")) return;
    i.setAttribute("role", "combobox");
    i.setAttribute("aria-autocomplete", "list");
    i.setAttribute("aria-expanded", "false");
  }
  function show(i, all) {
    var ul = list(i);
    ul.textContent = "";
    all.forEach(function (x) {
      var li = d.createElement("li");
      li.id = "pick-" + ++n;
      li.setAttribute("role", "option");
      li.setAttribute("aria-selected", "false");
      li.lang = "vi";
      li.dataset.id = x.id;
      li.textContent = x.label || x.name + (x.code ? " (" + x.code + ")" : "");
      ul.appendChild(li);
    });
    ul.hidden = !all.length;
    i.setAttribute("aria-expanded", String(!!all.length));
    i.removeAttribute("aria-activedescendant");
  }
  function take(i, li) {
    i.value = li.textContent;
    hold(i, li.dataset.id);
    close(i);
    i.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function move(i, by) {
    var all = Array.prototype.slice.call(list(i).children), at = all.findIndex(function (x) { return x.getAttribute("aria-selected") === "true"; });
    if (!all.length) return;
    all.forEach(function (x) { x.setAttribute("aria-selected", "false"); });
    var li = all[(at + by + all.length + (at < 0 && by < 0 ? 1 : 0)) % all.length];
    li.setAttribute("aria-selected", "true");
    li.scrollIntoView({ block: "nearest" });
    i.setAttribute("aria-activedescendant", li.id);
  }
  d.addEventListener("focusin", function (e) { if (e.target.dataset.pick) begin(e.target); });
  d.addEventListener("focusout", function (e) { if (e.target.dataset.pick) close(e.target); });
  d.addEventListener("input", function (e) {
    var i = e.target, words = i.value;
    if (!i.dataset.pick) return;
    hold(i, "");
    clearTimeout(wait);
    if (words.trim().length < 2) { close(i); return; }
    wait = setTimeout(function () {
      fetch(i.dataset.pick + encodeURIComponent(words), { headers: { Accept: "application/json" } })
        .then(function (r) { return r.ok ? r.json() : {}; })
        .then(function (j) {
          if (i.value !== words || d.activeElement !== i) return;
          show(i, Object.keys(j).map(function (k) { return j[k]; }).filter(Array.isArray)[0] || []);
        }).catch(function () { /* off line: go without */ });
    }, 250);
  });
  d.addEventListener("keydown", function (e) {
    var i = e.target, on;
    if (!i.dataset.pick || list(i).hidden) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { move(i, e.key === "ArrowDown" ? 1 : -1); e.preventDefault(); }
    else if (e.key === "Escape") close(i);
    else if (e.key === "Enter" && (on = list(i).querySelector("[aria-selected=true]"))) { take(i, on); e.preventDefault(); }
  });
  d.addEventListener("mousedown", function (e) { // before the field loses the focus
    var li = e.target.closest && e.target.closest(".choices > li");
    if (!li) return;
    e.preventDefault();
    take(d.querySelector('[aria-controls="' + li.parentNode.id + '"]'), li);
  });
})();
