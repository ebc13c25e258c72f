// What the parts of a look are given, and what is remembered between two looks.

import type { Answer } from '../../lib/answer.ts';
import type { Reply } from '../../lib/http.ts';
import type { Change, Found, Secret } from './secret.ts';
import type { Sight, Since } from './served.ts';
import type { Settings } from './settings.ts';
import type { User } from './users-file.ts';

export interface Report {
  /** What was done. */
  readonly done: (text: string) => void;
  /** What people should know, once: again when the text on this topic is another one, or an hour has passed. */
  readonly once: (topic: string, text: string) => void;
  /** The same of what is not as it must be: the look is not whole. */
  readonly failed: (topic: string, text: string) => void;
}

export interface Secrets {
  /** As it was read, or written, last in this look. */
  readonly known: (name: string) => Found;
  /** Unless it is there; the one that won. */
  readonly make: (name: string, change: Change) => Promise<Found>;
  /** The Secret afterwards; undefined where it was not changed, which is then reported. */
  readonly change: (secret: Secret, change: Change) => Promise<Secret | undefined>;
}

/** ConfigMap elasticsearch-formed: there as soon as the cluster has formed, whatever is in it. */
export interface Formed {
  readonly marker: () => 'absent' | 'unknown' | { readonly superuserStored: boolean };
  readonly noteSuperuserStored: () => Promise<boolean>;
}

/** PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

export interface Certutil {
  /** Takes away what was asked or answered before: an answer that came too late holds a key. */
  readonly forget: () => Promise<void>;
  readonly authority: (days: number, subject: string) => Promise<Answer<Pair>>;
  readonly certificate: (days: number, names: readonly string[], signer: Pair) => Promise<Answer<Pair>>;
}

/** Elasticsearch, as the superuser. */
export type AsElastic = (
  authority: string,
  password: string,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
) => Promise<Answer<Reply>>;

/** What every pod of a headless Service serves. */
export type SeeServed = (service: string) => Promise<Answer<readonly Sight[]>>;

export interface Memory {
  /** The cluster has yet to form, or to answer: asked again every two seconds. */
  storeSoon: boolean;
  /** Checksum of the superuser's password that the cluster has accepted. */
  proven: string;
  /** By the Secret: who serves another certificate than it has, or cannot be asked, and since when. */
  served: ReadonlyMap<string, ReadonlyMap<string, Since>>;
}

export interface Look {
  readonly settings: Settings;
  readonly users: readonly User[];
  /** DNS domain of the Kubernetes cluster. */
  readonly domain: string;
  readonly report: Report;
  readonly secrets: Secrets;
  readonly formed: Formed;
  readonly certutil: Certutil;
  readonly asElastic: AsElastic;
  readonly seeServed: SeeServed;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly memory: Memory;
}
