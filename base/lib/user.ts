// Elasticsearch or Kibana, as a user whose login is mounted. It is read anew at each call, as is the authority: both
// may be replaced while the program runs.

import { type Answer, bad } from './answer.ts';
import { exchange, type Question, type Reply } from './http.ts';
import { readTogether } from './mounted.ts';

export interface Server {
  readonly host: string;
  readonly port: number;
  /** Whom the certificate must name, where that is not the host. */
  readonly serverName?: string;
  /** The folder of ca.crt. */
  readonly authority: string;
  /** The folder of username and password. */
  readonly login: string;
  /** Bytes; where a container has room for less than http.ts allows. */
  readonly largestAnswer?: number;
  /** Told at each answer when the server's certificate ends, in seconds since 1970. */
  readonly sawCertificate?: (ends: number) => void;
}

export interface Body {
  readonly type: string;
  readonly text: string;
}

export const json = (value: unknown): Body => ({ type: 'application/json', text: JSON.stringify(value) });

export type Send = (
  method: Question['method'],
  path: string,
  seconds: number,
  body?: Body,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer<Reply>>;

export const asUser =
  ({ login, authority, largestAnswer, ...server }: Server): Send =>
  async (method, path, seconds, body, headers = {}) => {
    let words: readonly string[];
    let trusted: string | undefined;
    try {
      words = await readTogether(login, 'username', 'password');
      [trusted] = await readTogether(authority, 'ca.crt');
    } catch {
      // Not "no answer": the server may be well.
      return bad('forbidden', `no credentials in ${login}, or no authority in ${authority}`);
    }
    const question = {
      method,
      ...server,
      path,
      headers: {
        authorization: `Basic ${Buffer.from(words.join(':')).toString('base64')}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': body.type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body.text }),
      authority: trusted ?? '',
      seconds,
    };
    return exchange(question, largestAnswer);
  };
