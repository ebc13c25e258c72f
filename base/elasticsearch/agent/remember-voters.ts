// Writes down who votes, for a time in which no node runs. See voters.ts.

import { type Answer, bad, good } from '../../lib/answer.ts';
import type { Picture } from './picture.ts';
import type { Kubernetes } from './ports.ts';
import { formatVoters, parseVoters, votersOf } from './voters.ts';

/**
 * What ConfigMap elasticsearch-formed says of them afterwards. Written only beside what was read of this very cluster:
 * names of voters that are gone stand nowhere else, and would be lost.
 */
export const rememberVoters = async (kubernetes: Kubernetes, picture: Picture): Promise<Answer<string>> => {
  const known = await kubernetes.formed();
  if (!known.ok) return known;
  if (known.value.clusterUuid !== picture.clusterUuid) return bad('conflict', 'it names another cluster');
  const voters = formatVoters(votersOf(picture, parseVoters(known.value.voters)));
  if (voters === known.value.voters) return good(voters);
  const done = await kubernetes.noteVoters(voters);
  return done.ok ? good(voters) : done;
};
