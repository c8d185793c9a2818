"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const tiles = document.getElementById("tiles");
  const filters = document.getElementById("filters");
  if (!tiles) return;

  const PAGE = 24;
  const isRun = data.kind === "run";
  const percent = (share) => (100 * share).toFixed(share > 0.9995 || share < 0.1 ? 1 : 0) + "%";
  let most = PAGE;

  // Texts go in as text, never as markup: names come from anywhere.
  const make = (name, facts = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(facts)) {
      if (key === "class") made.className = value;
      else if (key in made && key !== "style") made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...inside.filter((one) => one !== null));
    return made;
  };

  const offer = (select, names) =>
    names.forEach((name, place) => select.append(make("option", { value: String(place) }, name)));

  // ---- what is marked: by digest, kept in this browser until it is exported

  const store = "vgg-transfer fixes " + data.key;
  let marks = {};
  try { marks = JSON.parse(localStorage.getItem(store)) || {}; } catch { marks = {}; }

  const keep = () => {
    try { localStorage.setItem(store, JSON.stringify(marks)); } catch { /* kept in this page only */ }
    const number = Object.keys(marks).length;
    document.getElementById("marks").hidden = number === 0;
    document.getElementById("marked").textContent =
      number + (number === 1 ? " picture marked" : " pictures marked");
  };

  const mark = (image, action, label) => {
    if (action) marks[image.digest] = { action, label };
    else delete marks[image.digest];
    keep();
  };

  const csv = () => {
    const quoted = (cell) => (/[",\r\n]/.test(cell) ? '"' + cell.replaceAll('"', '""') + '"' : cell);
    // No spreadsheet takes a name behind an apostrophe for a formula; the digest decides anyway.
    const inert = (cell) => (/^[=+\-@\t\r\n]/.test(cell) ? "'" + cell : cell);
    const rows = [["path", "digest", "action", "label", "why"]];
    for (const image of data.images) {
      const found = marks[image.digest];
      if (!found) continue;
      const label = found.action === "relabel" ? data.labels[found.label] : "";
      const why = "marked in the report: answered " + data.classes[image.answer] + " (" + percent(image.sure) + ")";
      rows.push([inert(image.path), image.digest, found.action, label, why]);
    }
    return rows.map((row) => row.map(quoted).join(",") + "\r\n").join("");
  };

  const download = () => {
    const link = make("a", {
      href: URL.createObjectURL(new Blob([csv()], { type: "text/csv" })),
      download: "fixes.csv",
    });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // ---- a picture with its words

  const picture = (image) => {
    if (!image.src) {
      const why = image.missing === "moved" ? "no longer where it was" : "left out, to keep this file small";
      return make("div", { class: "picture" }, make("span", { class: "gone" }, why));
    }
    const shown = make("img", { src: image.src, alt: "", loading: "lazy", decoding: "async" });
    if (!image.heat) return make("div", { class: "picture" }, shown);
    const heat = make("img", { class: "heat", src: image.heat, alt: "" });
    const name = "Show what decided " + image.path;
    const button = make("button", { class: "picture", type: "button", "aria-label": name, "aria-pressed": "false" }, shown, heat);
    button.onclick = () => button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true");
    return button;
  };

  const controls = (image, tile) => {
    const found = () => marks[image.digest] || {};
    const wrong = make("input", { type: "checkbox", checked: found().action === "relabel" });
    const out = make("input", { type: "checkbox", checked: found().action === "leave out" });
    const usual = image.proposed ?? (image.answer === image.label ? (image.label + 1) % data.classes.length : image.answer);
    const select = make("select", { "aria-label": "It really is, " + image.path });
    const show = () => {
      tile.classList.toggle("marked", wrong.checked || out.checked);
      select.hidden = !wrong.checked;
      if (wrong.checked && !select.options.length) {
        data.classes.forEach((name, place) => {
          if (place !== image.label) select.append(make("option", { value: String(place) }, name));
        });
        select.value = String(found().label ?? usual);
      }
    };
    wrong.onchange = () => {
      out.checked = false;
      show();
      mark(image, wrong.checked && "relabel", Number(select.value));
    };
    out.onchange = () => {
      wrong.checked = false;
      show();
      mark(image, out.checked && "leave out");
    };
    select.onchange = () => mark(image, "relabel", Number(select.value));
    show();
    return [make("label", {}, wrong, "label is wrong"), select, make("label", {}, out, "leave out")];
  };

  const ofRun = (image) => {
    const right = image.answer === image.label;
    const said = make("p", { class: right ? "said" : "said wrong" }, make("b", {}, data.classes[image.label]));
    said.append(right ? " " : " taken for ");
    if (!right) said.append(make("span", { class: "answer" }, data.classes[image.answer]), " ");
    said.append(percent(image.sure));
    const tile = make("li", { class: "tile" }, picture(image), said, make("p", { class: "path", title: image.path }, image.path));
    tile.append(...controls(image, tile));
    return tile;
  };

  const ofComparison = (image) => {
    const dots = data.recipes.map((name, place) => {
      const dot = make("i", { "aria-hidden": "true" });
      dot.style.setProperty("--r", image.right[place]);
      const said = image.right[place] === 1 ? "right" : image.right[place] === 0 ? "wrong" : "sometimes right";
      return make("li", { title: name }, dot, String(place + 1), make("span", { class: "hidden" }, " " + name + ": " + said));
    });
    return make("li", { class: "tile" }, picture(image),
      make("p", { class: "said" }, make("b", {}, data.classes[image.label])),
      make("p", { class: "path", title: image.path }, image.path),
      make("ul", { class: "dots" }, ...dots));
  };

  // ---- which pictures are shown

  const VIEWS = {
    worst: (image) => image.answer !== image.label,
    unsure: () => true,
    doubted: (image) => image.proposed !== null,
    all: () => true,
  };

  const chosen = () => {
    const wish = Object.fromEntries(new FormData(filters));
    const is = (name, place) => wish[name] === "" || Number(wish[name]) === place;
    if (!isRun) {
      const share = (name, image, wanted) => wish[name] === "" || (image.right[Number(wish[name])] >= 0.5) === wanted;
      return data.images.filter((image) => is("label", image.label) && share("right", image, true) && share("wrong", image, false));
    }
    const low = Number(wish.low) / 100, high = Number(wish.high) / 100;
    const found = data.images.filter((image) => VIEWS[wish.view](image) && is("label", image.label) &&
      is("answer", image.answer) && image.sure >= low - 5e-5 && image.sure <= high + 5e-5);
    return wish.view === "unsure" ? found.toSorted((one, other) => one.sure - other.sure) : found;
  };

  const draw = () => {
    const found = chosen();
    const some = found.slice(0, most);
    tiles.replaceChildren(...some.map(isRun ? ofRun : ofComparison));
    document.getElementById("more").hidden = found.length <= most;
    document.getElementById("count").textContent = found.length === 0 ? "No picture is like that."
      : (some.length < found.length ? some.length + " of " : "") + found.length + (found.length === 1 ? " picture" : " pictures");
    document.querySelectorAll("[data-label]").forEach((cell) => {
      if (cell.tagName !== "BUTTON") return;
      const wish = filters.elements;
      const pressed = isRun && wish.label.value === cell.dataset.label && wish.answer.value === cell.dataset.answer;
      cell.setAttribute("aria-pressed", String(pressed));
    });
  };

  const again = () => { most = PAGE; draw(); };

  // ---- and what a person does

  for (const name of ["label", "answer"]) if (filters.elements[name]) offer(filters.elements[name], data.classes);
  for (const name of ["right", "wrong"]) if (filters.elements[name]) offer(filters.elements[name], data.recipes);
  filters.onsubmit = (event) => event.preventDefault();
  filters.oninput = again;
  filters.onreset = () => setTimeout(again);
  document.getElementById("more").onclick = () => { most += 2 * PAGE; draw(); };
  document.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-label]");
    if (!cell || !isRun) return;
    filters.reset();
    filters.elements.view.value = "all";
    filters.elements.label.value = cell.dataset.label;
    filters.elements.answer.value = cell.dataset.answer;
    setTimeout(() => { again(); document.getElementById("pictures").focus(); });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "h" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.matches("input, select, textarea")) tiles.classList.toggle("heated");
  });
  if (isRun) {
    document.getElementById("export").onclick = download;
    document.getElementById("unmark").onclick = () => { marks = {}; keep(); draw(); };
    keep();
    if (!data.images.some(VIEWS.worst)) filters.elements.view.value = "unsure";
  }
  draw();
})();
