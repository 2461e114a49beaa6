// What was pressed is kept in the phone until the server has it: a dead line loses nothing.

/** @typedef {{id: string, hop: string, kind: string, note: string, done_at: string, what: string,
 *   notice_id?: string, because?: string}} Kept */

const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
const REFUSALS = [403, 404, 409, 422];

export class Outbox {
  /** @param {string} account @param {{onChange: () => void, onSent: () => void, onSignIn: () => void}} wiring */
  constructor(account, wiring) {
    this.key = `yitong-outbox-${account}`;
    this.wiring = wiring;
    this.sending = false;
    this.tries = 0;
    this.timer = 0;
    addEventListener("online", () => void this.send());
  }

  /** @returns {Kept[]} */
  all() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }

  /** @param {Kept[]} kept */
  write(kept) {
    localStorage.setItem(this.key, JSON.stringify(kept));
    this.wiring.onChange();
  }

  /** @param {Kept} step */
  put(step) {
    this.write([...this.all(), step]);
    this.tries = 0;
    void this.send();
  }

  /** @param {string} id */
  drop(id) {
    this.write(this.all().filter((kept) => kept.id !== id));
  }

  /** Send what waits, oldest first; stop at a dead line and try again later. */
  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    try {
      for (let step = this.next(); step; step = this.next()) await this.sendOne(step);
      this.tries = 0;
    } catch {
      const wait = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)];
      this.tries += 1;
      this.timer = window.setTimeout(() => void this.send(), wait);
    } finally {
      this.sending = false;
    }
  }

  next() {
    return this.all().find((kept) => !kept.because);
  }

  /** @param {Kept} step */
  async sendOne(step) {
    const { id, kind, note, done_at, notice_id } = step;
    const answer = await fetch(`/api/v1/hops/${step.hop}/steps`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id, kind, note, done_at, notice_id }),
    });
    if (answer.ok) {
      this.drop(id);
      this.wiring.onSent();
    } else if (REFUSALS.includes(answer.status)) {
      const because = (await answer.json()).detail;
      this.write(this.all().map((kept) => (kept.id === id ? { ...kept, because } : kept)));
    } else {
      if (answer.status === 401) this.wiring.onSignIn();
      throw new Error(String(answer.status));
    }
  }
}
