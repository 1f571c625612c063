// Fragments of the page: fetched by htmx, morphed in place, so that focus, open panels and half-written notes stay.

/* global htmx, Idiomorph */

const TOAST_MS = 12000;
const HELD_MS = 1000; // longer than a click; who holds the button down for longer selects text
let wanted = document.querySelector("#card [data-call]")?.dataset.call ?? null;
let toastTimer = 0;

// The call whose card is open, or has just been asked for.
export function openCall() {
  return wanted;
}

export function refresh(path, target) {
  return htmx.ajax("GET", path, { source: target, target, swap: "morph:innerHTML" });
}

// `on`: changed() after every swap, acted() after a user's action, refused() when it could not be done, held() when
// a reload was left out because a button of the mouse was down (a page that reloads nothing by itself needs none).
export function watchPage(on) {
  const hand = new Hand(on.held ?? (() => {}));
  document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target.id === "card") want(callOf(detail.requestConfig.path));
  });
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const late = detail.target.id === "card" && callOf(detail.requestConfig.path) !== wanted;
    const broken = detail.isError && detail.target.id !== "toast";
    const moves = detail.requestConfig.elt === detail.target && hand.isDown();
    if (late || broken || moves) detail.shouldSwap = false;
    if (broken && isUsers(detail.requestConfig.elt)) sayUnreachable();
    if (detail.target.id === "toast") raiseToast();
  });
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id === "card") wantShown();
    markOpenRow();
    on.changed();
    if (detail.target.id === "card" && detail.requestConfig.elt.matches(".queue button")) showCard();
  });
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.requestConfig.verb === "get") return undefined;
    if (detail.elt.matches("[data-sign-out]")) return location.assign("/sign-in");
    if (detail.successful) finish(detail.elt, detail.target);
    else if (detail.xhr.status > 0) on.refused();
    return on.acted();
  });
  for (const failure of ["htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(failure, ({ detail }) => isUsers(detail.elt) && sayUnreachable());
  }
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-dismiss]")) clearToast();
  });
  document.addEventListener("keydown", answerByKey);
}

// Whether a button of the mouse is down: a page that moved now would take the click away from what it was meant for.
class Hand {
  #downAt = null;
  #wait = 0;
  #then;

  constructor(then) {
    this.#then = then;
    const up = () => {
      this.#downAt = null;
      if (this.#wait) this.#go();
    };
    const down = () => {
      this.#downAt = performance.now();
    };
    document.addEventListener("pointerdown", down, { capture: true });
    document.addEventListener("pointerup", up, { capture: true });
    document.addEventListener("pointercancel", up, { capture: true });
  }

  // When it is, `then` comes once it is no more, or has been for too long.
  isDown() {
    const leftMs = this.#downAt === null ? 0 : this.#downAt + HELD_MS - performance.now();
    if (leftMs <= 0) return false;
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => this.#go(), leftMs);
    return true;
  }

  #go() {
    clearTimeout(this.#wait);
    this.#wait = 0;
    setTimeout(this.#then, 0); // behind the click
  }
}

// Enter takes the waiting call whose row has the focus; of none, the one that has waited longest, unless the key
// belongs to what has the focus. A row that does not wait is opened, as the browser does by itself.
function answerByKey(event) {
  if (event.key !== "Enter" || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.matches("#enter input")) event.preventDefault(); // a search is no call: that takes a button
  const row = event.target.closest("[data-open]")?.closest(".row-call") ?? null;
  if (row === null && event.target.closest("button, a, input, textarea, select, summary, form")) return;
  const button = (row ?? document.getElementById("queue")).querySelector("[data-answer]:not([disabled])");
  if (button) {
    event.preventDefault();
    button.click();
  }
}

// The address names the open call: a reload, another language or signing in again brings it back.
function want(call) {
  wanted = call;
  history.replaceState(null, "", call === null ? "/desk" : `/desk?call=${encodeURIComponent(call)}`);
  const here = encodeURIComponent(location.pathname + location.search);
  for (const link of document.querySelectorAll("a.language")) {
    link.href = link.href.replace(/next=[^&]*/, `next=${here}`);
  }
}

// A form may have become a call: the card says which.
function wantShown() {
  const shown = document.querySelector("#card [data-call]")?.dataset.call ?? null;
  if (shown !== wanted) want(shown);
}

function callOf(path) {
  return /^\/desk\/calls\/([^/?]+)/.exec(path)?.[1] ?? null;
}

function isUsers(element) {
  return element.matches("button, form, a");
}

// On a narrow screen the card stands below the queue.
function showCard() {
  const card = document.getElementById("card");
  card.scrollTop = 0;
  if (window.matchMedia("(max-width: 900px)").matches) card.scrollIntoView({ behavior: "instant" });
}

function finish(element, target) {
  // a toast stays while it is the answer, and while what goes on by itself goes well
  if (target?.id !== "toast" && isUsers(element)) clearToast();
  if (!element.matches("form")) return;
  element.reset();
  element.closest("details.act")?.removeAttribute("open");
}

function markOpenRow() {
  for (const row of document.querySelectorAll(".row-call[data-call]")) {
    row.classList.toggle("is-selected", row.dataset.call === wanted);
  }
}

function sayUnreachable() {
  document.getElementById("toast").replaceChildren(document.getElementById("unreachable").content.cloneNode(true));
  raiseToast();
}

function raiseToast() {
  clearTimeout(toastTimer);
  toastTimer = setTimeout(clearToast, TOAST_MS);
}

function clearToast() {
  document.getElementById("toast").replaceChildren();
}

// What a person is in the middle of is theirs: open panels stay open, forms keep what was typed, timers run on.
Idiomorph.defaults.callbacks.beforeNodeMorphed = (old, fresh) => {
  if (!(old instanceof Element && fresh instanceof Element)) return true;
  if (old.tagName === "DETAILS") fresh.toggleAttribute("open", old.open);
  if (old.dataset.since && old.dataset.since === fresh.dataset.since) fresh.textContent = old.textContent;
  return !(old.matches("form[data-keep]") && old.dataset.keep === fresh.dataset.keep);
};
