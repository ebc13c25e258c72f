// What a question to another machine can come to. Only "ok" says something about the world; the others are different
// states, since each is waited for in its own way and told in its own words.

export type Trouble =
  /** The connection was refused: no process listens there. Of the own Elasticsearch it means that it does not run. */
  | 'not-listening'
  /** The name is unknown, the time is over, or the connection broke before the answer was whole. */
  | 'no-answer'
  /** It came to its end, but is not what was asked for: not JSON, a field that is missing or of another kind. */
  | 'not-understood'
  /** 401 or 403. */
  | 'forbidden'
  /** 408, 429, or 5xx that says nothing else. */
  | 'busy'
  /** Elasticsearch answers, and has no elected master: what it knows may be old. */
  | 'no-master'
  /** 404. */
  | 'absent'
  /** 409: somebody else was first. */
  | 'conflict'
  /** Any other 4xx: understood, and declined. */
  | 'refused';

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      readonly trouble: Trouble;
      readonly detail: string;
      /** A "no-answer" that broke off after it had begun. Decided like any other; counted by itself (watched.ts). */
      readonly cut?: true;
    };

export const good = <Value>(value: Value): Answer<Value> => ({ ok: true, value });

/** `detail` is for people: what was asked, and what came. */
export const bad = (trouble: Trouble, detail: string): Answer<never> => ({ ok: false, trouble, detail });

export const cut = (detail: string): Answer<never> => ({ ok: false, trouble: 'no-answer', detail, cut: true });
