// One thing at a time: who comes while something runs is told so, and starts nothing.

import { type Answer, bad } from '../../../base/lib/answer.ts';

export class Lane {
  #runs: string | undefined;

  async run<Value>(what: string, work: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
    if (this.#runs !== undefined) return bad('busy', `${this.#runs} is going on: try again when it has ended`);
    this.#runs = what;
    try {
      return await work();
    } finally {
      this.#runs = undefined;
    }
  }

  get runs(): string | undefined {
    return this.#runs;
  }
}
