// Calls that wait where nobody sees them: how many there are below or above the part of the queue that is shown,
// and the way to the one that has waited longest.

export class OffScreen {
  #bar = document.getElementById("off-screen");
  #frame = document.querySelector("section.queue");
  #first = null;

  constructor() {
    this.#bar.addEventListener("click", () => this.#first?.scrollIntoView({ block: "center", behavior: "instant" }));
    for (const moves of [this.#frame, window]) {
      moves.addEventListener("scroll", () => this.look(), { passive: true });
    }
    window.addEventListener("resize", () => this.look());
  }

  look() {
    const shown = this.#frame.getBoundingClientRect();
    const [top, bottom] = [Math.max(shown.top, 0), Math.min(shown.bottom, window.innerHeight)];
    const hidden = [...this.#frame.querySelectorAll(".row-call.is-waiting:not(.is-seen, .is-selected)")].filter((row) => {
      const place = row.getBoundingClientRect();
      const middle = (place.top + place.bottom) / 2;
      return middle < top || middle > bottom;
    });
    this.#first = hidden[0] ?? null;
    this.#bar.hidden = hidden.length === 0;
    this.#bar.querySelector("b").textContent = hidden.length;
  }
}
