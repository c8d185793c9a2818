"use strict";
// A picture comes in by one of five ways, is sent to /predict, and what it answers is shown.

const at = (id) => document.getElementById(id);
const make = (tag, text = "", className = "") =>
  Object.assign(document.createElement(tag), { textContent: text, className });
const percent = (share) => share > 0.9995 ? "> 99.9%" : share < 0.0005 ? "< 0.1%" : `${(100 * share).toFixed(1)}%`;
const listed = (names) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
const SHOWN = 6;

let about = null;
let token = sessionStorage.getItem("token") || "";
let now = null; // the picture that is shown: {file, asking}
let stream = null;

class Told extends Error {
  constructor(title, sentence, again = false) {
    super(sentence);
    Object.assign(this, { title, again });
  }
}

async function ask(address, settings = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  let response;
  try {
    response = await fetch(address, { ...settings, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Told("The service does not answer",
      "It may have been stopped. Start it again where it ran, then try once more.", true);
  }
  if (response.ok) return response;
  if (response.status === 401) askForToken(token ? "This is not the token." : "");
  const sentence = await response.json().then((said) => said.error, () => `status ${response.status}`);
  const busy = response.status === 503;
  throw new Told(busy ? "Too many ask at once" : "This one cannot be answered", sentence, busy);
}

// --- the beginning

async function begin() {
  try {
    about = await (await ask("about")).json();
  } catch (error) {
    if (at("ask-token").hidden) {
      at("try").hidden = false;
      showFault(error);
    }
    return;
  }
  at("ask-token").hidden = true;
  at("try").hidden = false;
  at("model").textContent = about.model;
  document.title = `Try ${about.model}`;
  const names = about.classes.slice(0, 12);
  const others = about.classes.length - names.length;
  at("knows").textContent = `It knows ${about.classes.length} classes: ${names.join(", ")}`
    + (others ? ` and ${others} more.` : ".");
  const canSee = navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
  at("camera").hidden = !canSee; // browsers give it to this machine's own pages, and over HTTPS
  showExamples();
}

function askForToken(sentence) {
  at("ask-token").hidden = false;
  at("try").hidden = true;
  at("token-wrong").textContent = sentence;
  at("token").focus();
}

at("ask-token").addEventListener("submit", (event) => {
  event.preventDefault();
  token = at("token").value.trim();
  sessionStorage.setItem("token", token);
  begin();
});

async function showExamples() {
  at("tiles").replaceChildren();
  for (const [number, name] of about.examples.entries()) {
    let file;
    try {
      file = new File([await (await ask(`examples/${number}`)).blob()], name);
    } catch {
      return;
    }
    const button = make("button");
    const picture = make("img");
    button.type = "button";
    picture.alt = `Example ${number + 1}`;
    picture.src = URL.createObjectURL(file);
    button.append(picture);
    button.addEventListener("click", () => take(file, picture.alt));
    at("tiles").append(make("li"));
    at("tiles").lastChild.append(button);
    at("examples").hidden = false;
  }
}

// --- five ways in

at("file").addEventListener("change", () => {
  if (at("file").files.length) take(at("file").files[0]);
  at("file").value = ""; // so that the same file can be chosen again
});
document.addEventListener("paste", (event) => {
  const [file] = event.clipboardData.files;
  if (file) take(file);
});
for (const kind of ["dragover", "dragenter"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    at("drop").classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) at("drop").classList.remove("over");
});
document.addEventListener("drop", (event) => {
  event.preventDefault(); // or the browser would leave this page for the picture
  at("drop").classList.remove("over");
  const [file] = event.dataTransfer.files;
  if (file) take(file);
});

at("camera").addEventListener("click", async () => {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    const why = error.name === "NotAllowedError" ? "The browser was not allowed to use it."
      : "No camera was found, or another program has it.";
    showFault(new Told("There is no camera", why));
    return;
  }
  clear();
  at("invitation").hidden = at("photo").hidden = true;
  at("video").hidden = at("shoot").hidden = at("leave").hidden = false;
  at("choose").hidden = at("camera").hidden = true;
  at("drop").classList.add("full");
  at("video").srcObject = stream;
  await at("video").play();
  at("shoot").focus();
});
at("shoot").addEventListener("click", () => {
  const canvas = document.createElement("canvas");
  canvas.width = at("video").videoWidth;
  canvas.height = at("video").videoHeight;
  canvas.getContext("2d").drawImage(at("video"), 0, 0);
  canvas.toBlob((blob) => take(new File([blob], "camera.jpg")), "image/jpeg", 0.92);
});
at("leave").addEventListener("click", () => {
  closeCamera();
  at("drop").classList.remove("full");
  at("invitation").hidden = false;
  at("empty").hidden = false;
  at("camera").focus();
});

function closeCamera() {
  if (!stream) return;
  stream.getTracks().forEach((track) => track.stop());
  stream = null;
  at("video").hidden = at("shoot").hidden = at("leave").hidden = true;
  at("choose").hidden = at("camera").hidden = false;
}

// --- asked and answered

async function take(file, name = file.name) {
  closeCamera();
  clear();
  now = { file, name, asking: new AbortController() };
  const mine = now;
  showPicture(file, name);
  at("looking").hidden = false;
  try {
    if (about && file.size > about.most_bytes) {
      throw new Told("This file is too large",
        `"${name}" has ${(file.size / 1e6).toFixed(1)} MB, and ${about.most_bytes / 1e6} MB are taken. `
        + "Make the picture smaller, or choose another.");
    }
    const answer = await predict(mine, `top=${SHOWN}`);
    if (now === mine) showAnswer(answer, name);
  } catch (error) {
    if (now === mine && error.name !== "AbortError") showFault(error);
  }
}

async function predict(picture, query) {
  const form = new FormData();
  form.append("file", picture.file, picture.name);
  const settings = { method: "POST", body: form, signal: picture.asking.signal };
  return (await (await ask(`predict?${query}`, settings)).json()).pictures[0];
}

function clear() {
  if (now) now.asking.abort();
  now = null;
  for (const id of ["empty", "looking", "verdict", "bars", "more", "why", "again", "heat", "unlike"]) {
    at(id).hidden = true;
  }
  at("wrong").replaceChildren();
  at("toggle").setAttribute("aria-pressed", "false");
  at("heat").removeAttribute("src");
}

function showPicture(file, name) {
  URL.revokeObjectURL(at("picture").src);
  at("picture").src = URL.createObjectURL(file);
  at("picture").alt = name;
  at("photo").hidden = false;
  at("invitation").hidden = true;
  at("drop").classList.add("full");
}
at("picture").addEventListener("load", () => {
  at("photo").style.setProperty("--ratio", at("picture").naturalWidth / at("picture").naturalHeight);
});
at("picture").addEventListener("error", () => { // not every file that can be answered can be shown
  at("photo").hidden = true;
  at("invitation").hidden = false;
  at("drop").classList.remove("full");
});

function showAnswer(answer, name) {
  const unsure = answer.sure === false || answer.familiar === false;
  const first = answer.top[0];
  at("looking").hidden = true;
  at("verdict").hidden = at("bars").hidden = false;
  at("name").textContent = name;
  at("big").textContent = unsure ? "I don’t know" : answer.class;
  at("big").classList.toggle("long", at("big").textContent.length > 14);
  at("lead").textContent = unsure ? doubt(answer) : `${percent(first.probability)} likely`;
  at("unlike").hidden = answer.familiar !== false;
  at("bars").replaceChildren(...answer.top.map(bar));
  const others = about ? about.classes.length - answer.top.length : 0;
  at("more").hidden = !others;
  at("more").textContent = `and ${others} less likely ${others === 1 ? "class" : "classes"}`;
  at("why").hidden = !(about && about.heat) || at("photo").hidden;
  at("about-heat").textContent = "";
}

function doubt(answer) {
  if (answer.sure !== false) return `Of what it knows, likeliest is ${answer.class}.`;
  const names = answer.possible || [];
  if (!names.length) return "No class is likely enough to be relied on.";
  if (names.length === 1) return `Likeliest is ${names[0]}, but such answers are not shown to be right often enough.`;
  return `It may be ${listed(names.slice(0, SHOWN))}.`;
}

function bar(one, place) {
  const row = make("li", "", place ? "" : "first");
  const track = make("span", "", "bar");
  const filled = make("i");
  track.setAttribute("aria-hidden", "true");
  filled.style.width = `${100 * one.probability}%`;
  track.append(filled);
  const name = make("span", one.class, "class");
  name.title = one.class;
  row.append(name, make("span", percent(one.probability)), track);
  return row;
}

function showFault(error) {
  if (!(error instanceof Told)) console.error(error);
  for (const id of ["looking", "verdict", "bars", "more", "why", "empty"]) at(id).hidden = true;
  at("wrong").replaceChildren(make("b", error.title || "Something went wrong"), make("p", sentence(error)));
  at("again").hidden = !error.again;
}
const sentence = (error) => {
  const text = error.message.replace(/[.]?$/, ".");
  return text[0].toUpperCase() + text.slice(1);
};
at("again").addEventListener("click", () => {
  if (now) {
    take(now.file, now.name);
    return;
  }
  at("wrong").replaceChildren();
  at("again").hidden = true;
  at("empty").hidden = false;
  begin();
});

// --- what decided it

at("toggle").addEventListener("click", async () => {
  const mine = now;
  const show = at("toggle").getAttribute("aria-pressed") !== "true";
  at("toggle").setAttribute("aria-pressed", String(show));
  at("heat").hidden = !show || !at("heat").src;
  if (!show || at("heat").src) {
    return;
  }
  at("about-heat").textContent = "Looking for it…";
  try {
    const answer = await predict(mine, "top=1&heat=1");
    if (now !== mine) return;
    at("about-heat").textContent = answer.heat
      ? "What stays bright spoke for the likeliest class (Grad-CAM). " + (about.tried
        ? `Tried ${about.tried}.`
        : "How far that can be believed was not tried yet: vgg-transfer explain or report does.")
      : `Nothing can be shown: ${answer.no_heat || "no place in this picture speaks for the class"}.`;
    if (!answer.heat) return;
    at("heat").src = answer.heat;
    at("heat").hidden = at("toggle").getAttribute("aria-pressed") !== "true";
  } catch (error) {
    if (now === mine && error.name !== "AbortError") at("about-heat").textContent = sentence(error);
  }
});

begin();
