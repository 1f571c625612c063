// The form of a broadcast: the reading follows the text until somebody corrects it, a recording is sent as soon
// as it is chosen, and a sound that no longer is what would be sent says so.

import { watchPage } from "./fragments.js";

const form = document.getElementById("broadcast-form");
const text = form.elements.text;
const corrected = form.elements.corrected;
const hints = { corrected: form.querySelector(".hint-corrected"), stale: form.querySelector(".hint-stale") };
const sound = document.getElementById("sound");

// What changes the sound; where and when do not.
const SOUNDS = new Set(["text", "spoken", "source", "recording", "category", "repeat", "voice", "drill"]);

form.addEventListener("input", ({ target }) => {
  if (target === text) form.querySelector("[data-count=text]").textContent = [...text.value].length;
  if (target.name === "spoken") correct(true);
  if (SOUNDS.has(target.name)) outdateSound();
  if (target.name === "zones") showCovered();
});

// A reading that a person wrote is theirs: another text does not replace it unasked.
text.addEventListener("htmx:beforeRequest", (event) => {
  if (corrected.value === "true") event.preventDefault();
});
form.querySelector("[data-reread]").addEventListener("click", () => {
  correct(false);
  outdateSound();
  htmx.trigger(text, "reread");
});

function correct(by) {
  corrected.value = String(by);
  hints.corrected.hidden = !by;
}

function outdateSound() {
  sound.querySelector("audio")?.pause();
  hints.stale.hidden = sound.childElementCount === 0;
}
sound.addEventListener("htmx:afterSwap", () => {
  hints.stale.hidden = true;
  // heard at once, as asked for; a browser that wants another click for that shows the player
  sound.querySelector("audio")?.play().catch(() => {});
});

// An area that lies in a chosen one is chosen with it.
function showCovered() {
  for (const box of form.querySelectorAll("[name=zones]")) {
    box.indeterminate = !box.checked && isCovered(box);
  }
}

function isCovered(box) {
  const above = box.closest("li").parentElement.closest("li")?.querySelector("input") ?? null;
  return above !== null && (above.checked || isCovered(above));
}

document.getElementById("file").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  const state = document.getElementById("recording-state");
  const wrong = document.getElementById("wrong-recording");
  form.elements.recording.value = "";
  wrong.textContent = "";
  state.textContent = state.dataset.busy;
  const tooLarge = file.size > Number(target.dataset.largest) * 1024 * 1024;
  const answer = tooLarge ? { title: target.dataset.tooLarge } : await send(target.dataset.upload, file);
  state.textContent = answer.id ? `${state.dataset.done} ${file.name}` : "";
  wrong.textContent = answer.id ? "" : (answer.title ?? state.dataset.broken);
  form.elements.recording.value = answer.id ?? "";
  if (answer.id) form.elements.title.value ||= file.name.replace(/\.[^.]*$/, "").slice(0, form.elements.title.maxLength);
  outdateSound();
});

async function send(address, file) {
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "Content-Type": "application/octet-stream" };
  try {
    return await (await fetch(address, { method: "POST", headers, body: file })).json();
  } catch {
    return {};
  }
}

// The first thing that is wrong comes into view.
document.body.addEventListener("htmx:oobAfterSwap", () => {
  const first = [...form.querySelectorAll(".wrong")].find((place) => place.textContent.trim() !== "");
  first?.scrollIntoView({ block: "center" });
});

watchPage({ changed: () => {}, acted: () => {}, refused: () => {} });
showCovered();
