// The customer's id, as it comes in: over the standard input, so that it is in no argument, no variable and no history
// of a shell.
import { createInterface } from 'node:readline/promises';
import { UserError } from '../cli.ts';

/** More than any id has; what is larger is another file. */
const LONGEST = 512;

/** Nothing of it is in a message. A line end behind it belongs to the input, not to it. */
export const customerIn = (input: string): string => {
  const id = input.replace(/\r?\n$/, '');
  if (id === '') throw new UserError("nothing was erased: no customer's id was given");
  if (/\p{Cc}/u.test(id)) throw new UserError("nothing was erased: the customer's id must be one line of plain text");
  if (id.trim() !== id) throw new UserError("nothing was erased: the customer's id begins or ends with a blank");
  if (id.length > LONGEST)
    throw new UserError(`nothing was erased: the customer's id must not be longer than ${LONGEST} characters`);
  return id;
};

/** Shown while it is typed: a wrong one would be erased without a word. */
const typed = async (): Promise<string> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string>((resolve) => {
    // The end of the input, and Ctrl-C, answer nothing.
    terminal.once('close', () => resolve(''));
    terminal.question("Customer's id: ").then(resolve, () => resolve(''));
  });
  terminal.close();
  return answer;
};

const piped = async (): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > 4 * LONGEST + 2) throw new UserError("nothing was erased: the input is more than one customer's id");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Asked for at a terminal, otherwise read from the standard input. */
export const readCustomer = async (): Promise<string> => customerIn(await (process.stdin.isTTY ? typed() : piped()));
