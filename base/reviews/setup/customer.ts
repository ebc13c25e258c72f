// The customer's id: one line of the standard input. So it is in no argument, no variable and no URL; nor is it, or a
// part of it, in any text that is made here.

import type { Readable } from 'node:stream';

/**
 * Elasticsearch stores no longer value of this field:
 * https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/ignore-above
 */
export const LONGEST_BYTES = 32_766;

const LINE_END = 0x0a;
const RETURN = 0x0d;
/** Who sends a second line sends it at once. Somebody at a terminal sends one, and no end. */
const SETTLE_SECONDS = 1;

export type Input = { readonly ok: true; readonly customer: string } | { readonly ok: false; readonly why: string };

const refused = (why: string): Input => ({ ok: false, why });

/** Only one line end is taken away, \n or \r\n: blanks, and a \r by itself, may be part of an id. */
export const customerIn = (input: Uint8Array): Input => {
  const end = input.indexOf(LINE_END);
  const line = end === -1 ? input : input.subarray(0, input[end - 1] === RETURN ? end - 1 : end);
  if (end !== -1 && end + 1 < input.length) return refused('the input is more than one line');
  if (line.length > LONGEST_BYTES) return refused(`the line is longer than ${LONGEST_BYTES} bytes, so it is no id`);
  let customer: string;
  try {
    customer = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return refused('the line is not UTF-8');
  }
  return customer === '' ? refused('the line is empty, or there is none') : { ok: true, customer };
};

/** To the end of the line, or of the input. */
export const readCustomer = (input: Readable, seconds: number): Promise<Input> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let timer: NodeJS.Timeout | undefined;
    const end = (found: Input): void => {
      clearTimeout(timer);
      input.destroy();
      resolve(found);
    };
    const whole = (): void => end(customerIn(Buffer.concat(chunks)));
    timer = setTimeout(() => end(refused(`no line came within ${seconds} s`)), seconds * 1000);
    input.on('error', () => end(refused('the input cannot be read')));
    input.on('end', whole);
    input.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LONGEST_BYTES + 2) return whole();
      if (!chunk.includes(LINE_END)) return;
      clearTimeout(timer);
      timer = setTimeout(whole, SETTLE_SECONDS * 1000);
    });
  });
