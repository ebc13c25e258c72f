// The few calls of the docker client that the contract needs. Nothing of a container is reachable from outside.
import { type Finished, run } from '../../scripts/lib/process.ts';

export interface Docker {
  readonly env: NodeJS.ProcessEnv;
}

export interface NamedImage {
  readonly engine: Docker;
  readonly name: string;
}

export const docker = ({ env }: Docker, args: readonly string[], input = '', seconds = 120): Promise<Finished> =>
  run('docker', args, { env, input, seconds });

/** Throws what docker says when it fails. */
export const must = async (engine: Docker, args: readonly string[], input = '', seconds = 120): Promise<string> => {
  const done = await docker(engine, args, input, seconds);
  if (done.code !== 0)
    throw new Error(`docker ${args[0] ?? ''} failed with ${done.code}:\n${done.stdout}${done.stderr}`);
  return done.stdout;
};

/** What a container of the StatefulSet may do, and no more: base/elasticsearch/statefulset.yaml. */
export const rights = [
  '--read-only',
  '--user=1000:1000',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
] as const;

/** For containers of no pod, which have no volumes. */
export const restricted = [...rights, '--tmpfs=/tmp:mode=1777'] as const;
