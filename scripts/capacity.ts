// Works out nodes, disks and shards for so many reviews; asks no cluster: tsx scripts/capacity.ts
// REVIEWS (a day), BYTES (of one on the disk of one copy), DAYS (kept), COPIES, ZONES, MEMORY and DISK (of a node).
import { planOf } from './lib/capacity/plan.ts';
import { planText, wishesOf } from './lib/capacity/text.ts';
import { command } from './lib/cli.ts';

command(async () => {
  const wishes = wishesOf(process.env);
  process.stdout.write(`${planText(wishes, planOf(wishes))}\n`);
});
