// A cluster for `make demo`: the current one, or one that is started for it.
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { progress, UserError } from '../../scripts/lib/cli.ts';
import { lookForCurrent } from '../../scripts/lib/cluster/current.ts';
import { root } from '../../scripts/lib/paths.ts';
import { run, which } from '../../scripts/lib/process.ts';
import { show } from '../show.ts';
import { choose, type Kind, type Machine, readWanted, removal } from './choose.ts';

const lab = join(root, 'test/lab/lab');

const missingForKind = async (): Promise<string[]> => {
  const programs = ['docker', 'kind', 'kubectl'].filter((program) => which(program) === undefined);
  if (programs.includes('docker')) return programs;
  const engine = await run('docker', ['info', '--format', '{{.ServerVersion}}'], { seconds: 20 });
  return engine.code === 0 ? programs : [...programs, `a Docker engine that answers: ${engine.stderr.trim()}`];
};

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

const look = async (): Promise<Machine> => {
  const check = await run(lab, ['check'], { seconds: 60 });
  const said = lines(check.code === 0 ? check.stdout : check.stderr).map((line) =>
    line.replace(/^lab: (missing: )?/, ''),
  );
  return {
    missing: { kind: await missingForKind(), lab: check.code === 0 ? [] : said },
    labTakes: said.join(' '),
    canAsk: process.stdin.isTTY,
  };
};

const agrees = async (): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<string>((resolve) => {
    // The end of the input answers nothing.
    terminal.once('close', () => resolve(''));
    terminal.question('Type "yes" to go on: ').then(resolve, () => resolve(''));
  });
  terminal.close();
  return answer.trim() === 'yes';
};

const must = async (program: string, args: readonly string[]): Promise<void> => {
  if ((await show(program, args)) !== 0) throw new UserError(`${program} ${args.join(' ')} failed; see above`);
};

/** From here on kubectl, of this process and of those that it starts, means the new cluster. */
const start: Readonly<Record<Kind, () => Promise<void>>> = {
  kind: () => must('kind', ['create', 'cluster', '--name', 'reviews', '--wait', '180s']),
  lab: async () => {
    await must('make', ['--directory', root, 'lab']);
    const settings = 'eval "$("$0" env)" && printf "%s\\n%s\\n" "$KUBECONFIG" "$PATH"';
    const done = await run('bash', ['-c', settings, lab], { seconds: 20 });
    const [kubeconfig, path] = done.stdout.split('\n');
    if (done.code !== 0 || !kubeconfig || !path) throw new Error(`lab env says no settings: ${done.stderr}`);
    Object.assign(process.env, { KUBECONFIG: kubeconfig, PATH: path });
  },
};

/** What to say at the end, of a cluster that was started here. */
export const clusterForDemo = async (): Promise<string | undefined> => {
  const wanted = readWanted(process.env['CLUSTER']);
  const current = await lookForCurrent();
  if (current.is === 'there' && (wanted === undefined || wanted === 'current')) {
    progress(`Context ${current.context}`);
    return undefined;
  }
  const choice = choose(current, wanted, await look());
  if (choice.do === 'use') return undefined;
  if (choice.do === 'stop') throw new UserError(choice.say);
  progress(choice.say);
  if (choice.do === 'ask' && !(await agrees())) throw new UserError('nothing was started');
  await start[choice.kind]();
  const env = choice.kind === 'lab' ? ' For kubectl and the other commands: eval "$(test/lab/lab env)"' : '';
  return `The cluster goes on running.${env} To remove it: ${removal[choice.kind]}`;
};
