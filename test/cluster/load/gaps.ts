// How long something did not succeed: the longest time between two successes, the time until now included.

export class Gaps {
  private last: number;
  private longest = 0;
  private end: number;

  constructor(start: number) {
    this.last = start;
    this.end = start;
  }

  success(now: number): void {
    this.close(now);
    this.last = now;
  }

  /** The longest gap, and when it ended. */
  result(now: number): { readonly ms: number; readonly until: number } {
    return this.open(now) > this.longest ? { ms: this.open(now), until: now } : { ms: this.longest, until: this.end };
  }

  /** How long nothing has succeeded. */
  open(now: number): number {
    return now - this.last;
  }

  private close(now: number): void {
    if (now - this.last <= this.longest) return;
    this.longest = now - this.last;
    this.end = now;
  }
}
