// Deletes every review of one customer, in all months, and proves that none is left. May be started again at any time.
// The customer's id is the one line of the standard input.
//
//   ELASTICSEARCH_URL  https://elasticsearch:9200       ERASER  username and password of a user who may find and
//   CA_FILE            the authority to trust                   delete reviews
//
// Ends with 0 and the proof on the standard output; with 2 when there was no id; with 1 when nothing is proven.

import { start } from '../../lib/program.ts';
import { sayTo } from '../../lib/say.ts';
import { asUser } from '../../lib/user.ts';
import { readCustomer } from './customer.ts';
import { erase } from './erasing.ts';
import { reviews } from './reviews.ts';
import { readErase } from './settings.ts';

const USAGE = 2;

// The standard output is for the proof alone.
const say = sayTo(process.stderr, 'erase');

start(say, 1, async () => {
  const { elasticsearch, inputSeconds } = readErase(process.env);
  if (process.argv.length > 2) {
    say('WARN', "nothing was erased: the customer's id is read from the standard input, there are no arguments");
    return USAGE;
  }
  say('INFO', `waits for the customer's id on the standard input, at most ${inputSeconds} s`);
  const input = await readCustomer(process.stdin, inputSeconds);
  if (!input.ok) {
    say('WARN', `nothing was erased: ${input.why}. One line with the customer's id is read from the standard input`);
    return USAGE;
  }
  const erased = await erase(reviews(asUser(elasticsearch)), input.customer, (left) =>
    say('INFO', `${left} reviews are left`),
  );
  if (!erased.ok) {
    say('WARN', `nothing proves that all is erased, start it again: ${erased.detail}`);
    return 1;
  }
  const snapshots = 'Snapshots taken before still hold them until they expire.';
  process.stdout.write(`${erased.value} reviews erased, none left. ${snapshots}\n`);
  return 0;
});
