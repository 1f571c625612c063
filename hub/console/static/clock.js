// The hub's time on this screen, and every timer that runs by it.

const NEAR_MS = 60000; // the last minute before a call goes back to the queue

export class Clock {
  #ahead;

  constructor(hubNow) {
    this.#ahead = hubNow - Date.now();
  }

  now() {
    return Date.now() + this.#ahead;
  }

  // Since `since` (Unix ms), as m:ss, h:mm:ss or days.
  elapsed(since) {
    const seconds = Math.max(0, Math.floor((this.now() - since) / 1000));
    const [days, hours, minutes] = [86400, 3600, 60].map((size) => Math.floor(seconds / size));
    const two = (value) => String(value % 60).padStart(2, "0");
    if (days > 0) return `${days}d ${hours % 24}h`;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
  }

  // To `until` (Unix ms), as m:ss; 0:00 when it has come.
  remaining(until) {
    const seconds = Math.max(0, Math.ceil((until - this.now()) / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  show(root = document) {
    for (const end of root.querySelectorAll("[data-until]")) {
      end.classList.toggle("is-near", Number(end.dataset.until) - this.now() < NEAR_MS);
      end.querySelector("b").textContent = this.remaining(Number(end.dataset.until));
    }
    for (const due of root.querySelectorAll("[data-overdue]")) {
      due.classList.toggle("is-overdue", this.now() > Number(due.dataset.overdue));
    }
    for (const timer of root.querySelectorAll(".timer[data-since]")) {
      timer.textContent = this.elapsed(Number(timer.dataset.since));
    }
    const clock = document.getElementById("clock");
    if (clock) {
      clock.textContent = new Date(this.now()).toLocaleTimeString("zh-CN", {
        timeZone: "Asia/Shanghai",
        hour12: false,
      });
    }
  }
}
