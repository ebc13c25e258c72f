// Time that only passes when everybody waits: hours of a stop in milliseconds, and the same each time.

export class VirtualTime {
  now = 0;
  #events: { readonly at: number; readonly order: number; readonly act: () => void }[] = [];
  #order = 0;

  at(seconds: number, act: () => void): void {
    this.#order += 1;
    this.#events.push({ at: this.now + Math.max(0, seconds), order: this.#order, act });
  }

  sleep(seconds: number): Promise<void> {
    return new Promise((resolve) => this.at(seconds, resolve));
  }

  /** Runs until that time, or until `done` says so. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    while (!done()) {
      // Whatever goes on without waiting for time.
      await new Promise((resolve) => setImmediate(resolve));
      let next = 0;
      for (let i = 1; i < this.#events.length; i += 1) if (this.#before(i, next)) next = i;
      const event = this.#events[next];
      if (event === undefined || event.at > until) break;
      this.#events.splice(next, 1);
      this.now = event.at;
      event.act();
    }
    if (!done()) this.now = Math.max(this.now, until);
  }

  #before(i: number, j: number): boolean {
    const [a, b] = [this.#events[i], this.#events[j]];
    return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
  }
}
