// Everything that tells why a scenario failed, in one folder.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kubectl } from './kube.ts';
import { lab } from './lab.ts';
import { say } from './say.ts';
import { onCurrentContext } from './settings.ts';

const collectFromContext = async (folder: string): Promise<void> => {
  const commands: Readonly<Record<string, readonly string[]>> = {
    'overview.txt': ['get', 'nodes,pods,statefulsets,persistentvolumeclaims', '-A', '-o', 'wide'],
    'events.txt': ['get', 'events', '-A', '--sort-by=.lastTimestamp'],
    'logs.txt': [
      'logs',
      '-n',
      'reviews',
      '-l',
      'app.kubernetes.io/part-of=delivery-reviews',
      '--all-containers',
      '--prefix',
      '--tail=2000',
    ],
  };
  for (const [file, args] of Object.entries(commands)) writeFileSync(join(folder, file), (await kubectl(args)).stdout);
};

/** Never fails: the scenario's own error is the one that counts. */
export const collectLogs = async (folder: string): Promise<void> => {
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    if (onCurrentContext) await collectFromContext(folder);
    else await lab(['logs', folder], 120);
    say(`  logs of all pods and nodes: ${folder}`);
  } catch (error) {
    say(`  the logs could not be collected: ${String(error)}`);
  }
};
