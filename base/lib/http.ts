// One question over HTTPS, and what it came to. An answer counts only when the whole message has arrived within one
// deadline; everything else is a Trouble. Nothing here throws, and no credential gets into a text.

import type { IncomingMessage } from 'node:http';
import { request as begin } from 'node:https';
import { TLSSocket } from 'node:tls';
import { type Answer, bad, cut, good, type Trouble } from './answer.ts';
import { field, object, optionalText } from './json.ts';

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly host: string;
  readonly port: number;
  /** Whom the certificate must name, where that is not the host. */
  readonly serverName?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The authorities that may have signed the server's certificate, PEM. */
  readonly authority: string;
  /** Told when the server's certificate ends, in seconds since 1970. */
  readonly sawCertificate?: (ends: number) => void;
  /** For all of it: connecting, headers, and the body to its last byte. */
  readonly seconds: number;
}

export interface Reply {
  readonly status: number;
  /** UTF-8, or nothing. */
  readonly text: string;
}

/** What is larger cannot be an answer to anything that the agent asks, and must not fill its memory. */
const LARGEST_ANSWER = 256 * 1024 * 1024;

/** The message as a whole, whatever its status. */
export const exchange = (question: Question, largest = LARGEST_ANSWER): Promise<Answer<Reply>> =>
  new Promise((resolve) => {
    const asked = `${question.method} ${withoutQuery(question.path)}`;
    let deadline: NodeJS.Timeout | undefined;
    let begun = false;
    const end = (answer: Answer<Reply>): void => {
      clearTimeout(deadline);
      resolve(answer);
    };
    try {
      const request = begin({
        method: question.method,
        host: question.host,
        port: question.port,
        path: question.path,
        headers: { ...question.headers, ...lengthOf(question.body) },
        ca: question.authority,
        // A connection of its own: one that was kept may have died without a word, and the certificate is checked anew.
        agent: false,
        ...(question.serverName === undefined ? {} : { servername: question.serverName }),
      });
      const fail = (trouble: Trouble | 'cut', why: string): void => {
        const detail = `${asked}: ${why}`;
        end(trouble === 'cut' ? cut(detail) : bad(trouble, detail));
        request.destroy();
      };
      deadline = setTimeout(
        () => fail('no-answer', `no whole answer within ${question.seconds} s`),
        question.seconds * 1000,
      );
      request.on('error', (error) => fail(troubleOf(error), nameOf(error)));
      // After an answer this says nothing new: a promise is settled once.
      request.on('close', () =>
        begun ? fail('cut', 'the answer broke off') : fail('no-answer', 'the connection was closed'),
      );
      request.on('response', (response) => {
        begun = true;
        if (question.sawCertificate !== undefined && response.socket instanceof TLSSocket) {
          const ends = endOf(response.socket);
          if (ends !== undefined) question.sawCertificate(ends);
        }
        collect(response, largest, end, fail);
      });
      request.end(question.body);
    } catch (error) {
      // Before a byte was sent: a path or a header that cannot be sent.
      end(bad('refused', `${asked}: cannot be asked (${nameOf(error)})`));
    }
  });

const endOf = (socket: TLSSocket): number | undefined => {
  const ends = Date.parse(socket.getPeerCertificate().valid_to);
  return Number.isNaN(ends) ? undefined : ends / 1000;
};

const collect = (
  response: IncomingMessage,
  largest: number,
  end: (answer: Answer<Reply>) => void,
  fail: (trouble: Trouble | 'cut', why: string) => void,
): void => {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > largest) fail('not-understood', `an answer of more than ${largest} bytes`);
    else chunks.push(chunk);
  });
  response.on('error', (error) => fail('cut', `the answer broke off after ${size} bytes (${nameOf(error)})`));
  response.on('end', () => {
    if (size > largest) return;
    if (!response.complete) return fail('cut', `the answer broke off after ${size} bytes`);
    if (!saysItsEnd(response)) return fail('not-understood', 'the answer does not say where it ends');
    const text = decoded(chunks);
    if (text === undefined) return fail('not-understood', 'the answer is not UTF-8');
    end(good({ status: response.statusCode ?? 0, text }));
  });
};

/** Without a length and without a last chunk a connection that broke looks like the end of the answer. */
const saysItsEnd = ({ headers, statusCode }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined ||
  /(?:^|,)\s*chunked\s*$/i.test(headers['transfer-encoding'] ?? '') ||
  statusCode === 204;

const decoded = (chunks: Buffer[]): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
};

const lengthOf = (body: string | undefined): Record<string, string> =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };

const withoutQuery = (path: string): string => path.split('?', 1)[0] ?? '';

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** A code where there is one: messages of Node.js may quote what was sent. */
const nameOf = (error: unknown): string => codeOf(error) || (error instanceof Error ? error.name : 'unknown error');

const troubleOf = (error: unknown): Trouble => {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'not-listening';
  // Where a name has several addresses each was tried.
  if (error instanceof AggregateError && error.errors.length > 0)
    return error.errors.every((each) => codeOf(each) === 'ECONNREFUSED') ? 'not-listening' : 'no-answer';
  return CONNECTION.test(code) ? 'no-answer' : 'not-understood';
};

// What the network says. All other errors are of somebody who answers, but not what can be trusted or read: a
// certificate of another authority, or not HTTP.
const CONNECTION = new RegExp(
  `^(?:${[
    'E(?:AI_|CONN|HOST|NET|ADDR).*',
    'E(?:NOTFOUND|PIPE|TIMEDOUT|MFILE|NFILE)',
    'ERR_(?:SOCKET|STREAM|SSL_UNEXPECTED_EOF).*',
    'HPE_INVALID_EOF.*',
  ].join('|')})$`,
);

/** What a status says by itself: good is 2xx, whatever the text. */
export const accepted = (asked: string, { status, text }: Reply): Answer<undefined> => {
  if (status >= 200 && status < 300) return good(undefined);
  const detail = `${asked}: HTTP ${status}${reasonIn(text)}`;
  if (status === 401 || status === 403) return bad('forbidden', detail);
  if (status === 404) return bad('absent', detail);
  if (status === 409) return bad('conflict', detail);
  if (status === 408 || status === 429 || status >= 500) return bad('busy', detail);
  if (status >= 400) return bad('refused', detail);
  return bad('not-understood', detail);
};

/** What a good answer holds as JSON, or what its status says. */
export const understood = (asked: string, reply: Reply): Answer<unknown> => {
  const answer = accepted(asked, reply);
  return answer.ok ? json(asked, reply.text) : answer;
};

const json = (asked: string, text: string): Answer<unknown> => {
  try {
    const value: unknown = JSON.parse(text);
    return good(value);
  } catch {
    return bad('not-understood', `${asked}: the answer is not JSON`);
  }
};

/** What Elasticsearch (error.type, error.reason) or the API server (message) says, shortened: it may quote much. */
const reasonIn = (text: string): string => {
  const words = wordsIn(text);
  return words === '' ? '' : ` ${words.length > 500 ? `${words.slice(0, 500)} …` : words}`;
};

const wordsIn = (text: string): string => {
  try {
    const answer = object(JSON.parse(text), 'the answer');
    const message = optionalText(field(answer, 'message'), 'message');
    const error = field(answer, 'error');
    if (message !== undefined || error === undefined) return message ?? '';
    if (typeof error === 'string') return error;
    const { type, reason } = { type: undefined, reason: undefined, ...object(error, 'error') };
    return [type, reason].filter((word) => typeof word === 'string').join(': ');
  } catch {
    return '';
  }
};

/** error.type of an answer of Elasticsearch, or nothing. */
export const errorType = (text: string): string => {
  try {
    return optionalText(field(object(field(object(JSON.parse(text), ''), 'error'), ''), 'type'), '') ?? '';
  } catch {
    return '';
  }
};
