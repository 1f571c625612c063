// A template of the form of a broadcast: its blanks become fields, and what is typed there goes into the text. As soon
// as somebody writes in the text itself, the text is theirs and the fields rest.

const form = document.getElementById("broadcast-form");
const picker = form.querySelector(".template-picker");
const text = form.elements.text;
const blanks = document.getElementById("blanks");
const over = document.getElementById("blanks-over");
let made = "";
let before = picker?.querySelector(":checked") ?? null;

picker?.addEventListener("change", ({ target }) => {
  if (target.name === "template") choose(target);
});
blanks?.addEventListener("input", (event) => {
  event.stopPropagation(); // no field of the form: the text is
  write();
});
text.addEventListener("input", () => {
  if (made && text.value !== made) rest();
});

function choose(chosen) {
  const own = text.value.trim() !== "" && text.value !== made;
  if (own && chosen.value && !window.confirm(picker.dataset.asks)) {
    if (before) before.checked = true;
    return;
  }
  before = chosen;
  const names = chosen.value ? JSON.parse(chosen.dataset.blanks) : [];
  blanks.replaceChildren(...names.map(field));
  blanks.hidden = names.length === 0;
  over.hidden = true;
  if (!chosen.value) {
    if (!own) show("");
    return;
  }
  form.querySelector(`[name=category][value=${chosen.dataset.category}]`)?.click();
  write();
  blanks.querySelector("input")?.focus();
}

function field(name) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  label.className = "form-label";
  input.className = "form-control";
  input.dataset.blank = name;
  input.maxLength = 200;
  label.append(name, input);
  return label;
}

function write() {
  const chosen = picker.querySelector("[name=template]:checked");
  const said = new Map([...blanks.querySelectorAll("input")].map((one) => [one.dataset.blank, one.value.trim()]));
  show(chosen.dataset.text.replace(/\{([^{}]*)\}/g, (blank, name) => said.get(name) || blank));
}

function show(words) {
  made = words;
  text.value = words;
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function rest() {
  made = "";
  over.hidden = blanks.hidden;
  for (const one of blanks.querySelectorAll("input")) one.disabled = true;
}
