// What the questions of one stop have come to, for as long as they come to no picture.

import type { Trouble } from '../../lib/answer.ts';
import type { Hearing } from './bounds.ts';
import type { Elasticsearch } from './ports.ts';

/** After an answer that was no picture, asked for at `readAt`: the same object as before where nothing has changed. */
export const hear = async (
  elasticsearch: Pick<Elasticsearch, 'recovered'>,
  before: Hearing | undefined,
  trouble: Trouble,
  readAt: number,
): Promise<Hearing> => {
  // A node that is in no cluster says "no master" to every other question, as one that has lost its master does.
  const recovered = trouble === 'no-master' ? await elasticsearch.recovered() : undefined;
  const idle = recovered?.ok === true && !recovered.value;
  return before?.trouble === trouble && before.idle === idle ? before : { trouble, idle, since: readAt };
};
