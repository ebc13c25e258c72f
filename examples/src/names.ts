import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

type Tell = Parameters<LookupFunction>[2];

/** A DNS server within the cluster answers in a few milliseconds. */
const patienceMs = 200;

/**
 * Looks a name up as `dns.lookup` does; where no answer comes within 200 ms, or an error, it tells what it was told
 * last. For while a node vanishes: the DNS server on it stays in the DNS Service for 40 s, a question that goes there
 * hangs for seconds, and Node.js asks four at a time. So what was not answered is not asked again meanwhile.
 */
export function rememberNames(ask: LookupFunction = lookup): LookupFunction {
  const known = new Map<string, Parameters<Tell>>();
  const waiting = new Map<string, Tell[]>();

  return (name, options, callback) => {
    const key = JSON.stringify([name, options]);
    let told = false;
    const tell: Tell = (...answer) => {
      clearTimeout(timer);
      if (!told) callback(...answer);
      told = true;
    };
    const timer = setTimeout(() => {
      const last = known.get(key);
      if (last !== undefined) tell(...last);
    }, patienceMs);
    const others = waiting.get(key);
    if (others !== undefined) {
      others.push(tell);
      return;
    }
    const all = [tell];
    waiting.set(key, all);
    ask(name, options, (...answer) => {
      waiting.delete(key);
      if (answer[0] === null) known.set(key, answer);
      for (const each of all) each(...(known.get(key) ?? answer));
    });
  };
}
