// Asks Elasticsearch through the container `agent` of one pod, as user `operations`. Only reads.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IPod } from 'kubernetes-models/v1';
import { whyUnanswered, withoutAgent } from '../cluster/agent-status.ts';
import { kubectl } from '../cluster/kubectl.ts';
import { isReady } from '../cluster/snapshot.ts';
import { root } from '../paths.ts';
import { count, fields, list, NotUnderstood, parsed, text } from '../shape.ts';
import { type Known, known, look, unknown } from './known.ts';

/** More than in-pod.ts takes for all of its questions where each is answered at the last moment. */
const SECONDS = 75;

/** The answer to a question, as it came. */
export interface Answered {
  readonly pod: string;
  /** Of the certificate that the node serves, in milliseconds since 1970. */
  readonly certificateEnds: number;
  /** In the order of the questions. */
  readonly answers: readonly Known<unknown>[];
}

const answerOf = (path: string, value: unknown): Known<unknown> => {
  const answer = fields(value, 'answer');
  const [status, body] = [count(answer['status'], 'status'), text(answer['text'], 'text')];
  const asked = path.split('?', 1)[0] ?? path;
  if (status !== 200) return unknown(`GET ${asked} was answered with ${status}: ${body.slice(0, 200)}`);
  return known(parsed(body, `the answer to GET ${asked}`));
};

/** The whole output of in-pod.ts. */
export const answeredBy = (pod: string, paths: readonly string[], output: string): Answered => {
  const all = fields(parsed(output, 'what the pod says'), 'of the pod');
  const who = text(all['pod'], 'pod');
  if (who !== pod) throw new NotUnderstood(`the pod that answers is ${who}, not ${pod}`);
  const answers = list(all['answers'], 'answers');
  if (answers.length !== paths.length)
    throw new NotUnderstood(`${paths.length} questions have ${answers.length} answers`);
  const ends = Date.parse(text(fields(answers[0], 'answer')['certificateEnds'], 'certificateEnds'));
  if (Number.isNaN(ends)) throw new NotUnderstood('the end of the certificate is no date');
  return { pod, certificateEnds: ends, answers: paths.map((path, i) => answerOf(path, answers[i])) };
};

/** Of a pod that is ready, or else of one that runs: that one may know why. */
export const askElasticsearch = async (
  namespace: string,
  pods: readonly IPod[],
  paths: readonly string[],
): Promise<Known<Answered>> => {
  const asked = [...pods].sort((a, b) => Number(isReady(b)) - Number(isReady(a))).find((pod) => !withoutAgent(pod));
  const name = asked?.metadata?.name;
  if (name === undefined) return unknown('no pod of Elasticsearch has an agent that could be asked');
  const input = readFileSync(join(root, 'scripts/lib/questions/in-pod.ts'), 'utf8');
  const program = ['node', '--input-type=module-typescript', '-', ...paths];
  const args = ['-n', namespace, 'exec', '-i', name, '-c', 'agent', '--', ...program];
  const done = await kubectl(args, { seconds: SECONDS, input });
  if (done.code !== 0) return unknown(`${name} could not be asked: ${whyUnanswered(done, SECONDS)}`);
  return look(() => answeredBy(name, paths, done.stdout));
};
