// The desk: the live link tells that something happened, fragments are fetched again, calls that wait ring.

import { Clock } from "./clock.js";
import { openCall, refresh, watchPage } from "./fragments.js";
import { Link } from "./link.js";
import { OffScreen } from "./off_screen.js";
import { Refresher } from "./refresher.js";
import { Ring } from "./ring.js";
import { Unrecorded } from "./unrecorded.js";

const page = document.body;
const clock = new Clock(Number(page.dataset.now));
const louderAfterMs = page.dataset.louderMs.split(" ").map(Number);
const rings = page.dataset.sound !== "none";
const unrecorded = new Unrecorded();
const queue = new Refresher(() => refresh(`/desk/queue?call=${openCall() ?? ""}`, "#queue"));
const card = new Refresher(async () => openCall() && refresh(`/desk/calls/${openCall()}`, "#card"));
const offScreen = new OffScreen();
const ring = rings ? new Ring("/static/ring.wav", soundChanged) : null;

const link = new Link({
  types: page.dataset.eventTypes.split(" "),
  after: page.dataset.after,
  csrf: page.dataset.csrf,
  audible: () => ring?.audible ?? false,
  on: {
    begun: () => {
      unrecorded.clear(); // the stream's first words name them again
      reload();
    },
    event: happened,
    missed: reload,
    state: (state) => {
      page.dataset.link = state;
    },
    duty: (audible) => {
      page.dataset.duty = audible ? "audible" : "silent";
    },
    ended: () => {
      const here = encodeURIComponent(location.pathname + location.search);
      location.assign(`/sign-in?ended=1&next=${here}`);
    },
  },
});

function reload() {
  queue.ask();
  card.ask();
}

function happened(type, data) {
  if (type === "call.unrecorded") {
    unrecorded.show(data);
    beat();
    return;
  }
  unrecorded.recorded(data);
  queue.ask();
  if (data.call && data.call.id === openCall()) card.ask();
}

function soundChanged() {
  const state = ring.audible ? "on" : "silent";
  if (state === page.dataset.sound) return;
  page.dataset.sound = state;
  link.probe();
}

// How loud: the step that the longest waiting of our own calls has reached; 0 when none waits.
function ringLevel() {
  const waits = [...document.querySelectorAll("[data-rings] .timer")].map(
    (timer) => clock.now() - Number(timer.dataset.since),
  );
  if (waits.length === 0) return 0;
  const level = 1 + louderAfterMs.filter((after) => Math.max(...waits) >= after).length;
  return document.querySelector("[data-rings][data-loud]") ? Math.max(level, 2) : level;
}

function beat() {
  clock.show();
  offScreen.look();
  const level = rings ? ringLevel() : 0;
  ring?.set(level);
  page.dataset.ringing = level;
  const waiting = document.querySelectorAll(".row-call.is-waiting:not(.is-seen)").length;
  document.title = waiting > 0 ? `(${waiting}) ${page.dataset.title}` : page.dataset.title;
}

watchPage({ changed: beat, acted: () => queue.ask(), refused: () => card.ask(), held: reload });
// not when the button goes down: the bar about the sound goes away, and what was pressed would move from under it
for (const touch of ["click", "keydown"]) {
  document.addEventListener(touch, () => ring?.unlock(), { capture: true });
}
new Worker("/static/ticker.js").addEventListener("message", () => {
  beat();
  link.beat();
});
beat();
