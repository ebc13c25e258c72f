// Which kustomize renders. 5.7 learnt `args` of exec functions, 5.8.0 loses namespaces: older ones are not used.
import { progress } from '../cli.ts';
import { goTool } from '../go-tools.ts';
import { run, which } from '../process.ts';

const minimum = [5, 8, 1] as const;

/** Whether the output of `kustomize version` names one that can be used. */
export const isNewEnough = (version: string): boolean => {
  const match = /v(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [major = 0, minor = 0, patch = 0] = match.slice(1).map(Number);
  return major === minimum[0] && (minor > minimum[1] || (minor === minimum[1] && patch >= minimum[2]));
};

export const findKustomize = async (): Promise<string> => {
  const onPath = which('kustomize');
  if (onPath !== undefined) {
    const version = (await run(onPath, ['version'], { seconds: 20 })).stdout.trim();
    if (isNewEnough(version)) return onPath;
    progress(`${onPath} is ${version || 'of unknown version'}, at least v${minimum.join('.')} is needed: not used`);
  }
  return goTool('kustomize');
};
