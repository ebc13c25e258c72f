// A copy of the checkout in which a test may add an overlay and start the commands, as a user would.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { type Finished, run } from '../../../scripts/lib/process.ts';
import { atTerminal } from './terminal.ts';

const parts = [
  'base',
  'components',
  'functions',
  'overlays',
  'scripts',
  'tools',
  'test/cluster/overlays',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

export interface Checkout {
  readonly folder: string;
  /** Files by their path in the checkout. */
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /**
   * scripts/NAME.ts with an overlay; nobody is asked anything, and the function runs as a process. `yes`: YES, `wait`:
   * TIMEOUT.
   */
  readonly command: (name: string, overlay: string, yes?: string, wait?: number) => Promise<Finished>;
  /** The same at a terminal, where somebody answers the question; what is said is all on stdout. */
  readonly typed: (name: string, overlay: string, answer: () => string | Promise<string>) => Promise<Finished>;
  readonly remove: () => void;
}

export const checkout = (): Checkout => {
  const copy = mkdtempSync(join(tmpdir(), 'checkout-'));
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const tsx = join(copy, 'node_modules/.bin/tsx');
  const options = (YES: string, wait = 1) => ({
    cwd: copy,
    env: { ...process.env, FORM: 'exec', YES, TIMEOUT: String(wait) },
    seconds: 180,
  });
  return {
    folder: copy,
    write: (files) => {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(copy, file)), { recursive: true });
        writeFileSync(join(copy, file), text);
      }
    },
    command: (name, overlay, yes = '1', wait = 1) =>
      run(tsx, [join(copy, `scripts/${name}.ts`), overlay], options(yes, wait)),
    typed: (name, overlay, answer) =>
      atTerminal(`${tsx} ${join(copy, `scripts/${name}.ts`)} ${overlay}`, {
        ...options(''),
        question: ' to go on: ',
        answer,
      }),
    remove: () => rmSync(copy, { recursive: true, force: true }),
  };
};

/** Another overlay in another namespace. */
export const stagingOver = (below: string): Record<string, string> => ({
  'kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews-staging\n' +
    `resources: [${below}]\ntransformers: [${below}/topology]\n`,
});

/** Production with a claim of the overlay's own, beside those that the StatefulSet makes. */
export const archiveOverProd = (): Record<string, string> => ({
  'claim.yaml': JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'archive', namespace: 'reviews' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  'kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: reviews\n' +
    'resources: [../prod, claim.yaml]\ntransformers: [../prod/topology]\n',
});
