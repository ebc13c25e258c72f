// Writes down who votes, for a time in which no node runs. See voters.ts.

import type { Picture } from './picture.ts';
import type { Kubernetes } from './ports.ts';
import { formatVoters, parseVoters, votersOf } from './voters.ts';

/**
 * What ConfigMap elasticsearch-formed says of them afterwards; undefined where nobody can tell. Written only beside
 * what was read of this very cluster: names of voters that are gone stand nowhere else, and would be lost.
 */
export const rememberVoters = async (kubernetes: Kubernetes, picture: Picture): Promise<string | undefined> => {
  const known = await kubernetes.formed();
  if (!known.ok || known.value.clusterUuid !== picture.clusterUuid) return undefined;
  const voters = formatVoters(votersOf(picture, parseVoters(known.value.voters)));
  if (voters === known.value.voters) return voters;
  return (await kubernetes.noteVoters(voters)).ok ? voters : undefined;
};
