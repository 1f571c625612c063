// Pages of the register and of devices: what could not be done is said in a bar, and goes away by itself.

// on a telephone the row of pages is longer than the screen: this one is to be seen
document.querySelector(".nav-pages [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const TOAST_MS = 12000;
const page = document.body;
let toastTimer = 0;
page.dataset.link = "none"; // these pages have no live link that could be missed

page.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id === "toast") raiseToast();
  // a refresh that failed leaves the page as it was; a form that came back with 422 is shown
  else if (detail.isError && detail.xhr.status !== 422) detail.shouldSwap = false;
});
for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  page.addEventListener(failure, ({ detail }) => {
    if (!(detail.elt.getAttribute("hx-trigger") ?? "").startsWith("every")) sayUnreachable();
  });
}
page.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt.matches("[data-sign-out]")) location.assign("/sign-in");
});
page.addEventListener("htmx:afterSwap", ({ detail }) => {
  const wrong = detail.target.id === "form" && document.querySelector("[aria-invalid]");
  if (wrong) wrong.focus();
});
page.addEventListener("click", ({ target }) => {
  if (target.closest("[data-dismiss]")) clearToast();
});
// what was said of one file is not true of another
page.addEventListener("change", ({ target }) => {
  if (target.dataset.clears) document.getElementById(target.dataset.clears).replaceChildren();
});

// what was typed before this page listened is looked for now; the form also works without a script
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("form.filters [type=search]")) {
    if (box.value !== box.defaultValue) box.form.requestSubmit();
  }
});

function sayUnreachable() {
  const words = document.getElementById("unreachable").content.cloneNode(true);
  document.getElementById("toast").replaceChildren(words);
  raiseToast();
}

function raiseToast() {
  clearTimeout(toastTimer);
  toastTimer = setTimeout(clearToast, TOAST_MS);
  window.scrollTo({ top: 0 });
}

function clearToast() {
  document.getElementById("toast").replaceChildren();
}
