// kube-score's findings about rendered manifests, less the exceptions that have a reason.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { goTool } from '../../scripts/lib/go-tools.ts';
import { run } from '../../scripts/lib/process.ts';

export interface Finding {
  readonly check: string;
  /** Kind/name, such as StatefulSet/elasticsearch. */
  readonly object: string;
  readonly container: string;
  readonly says: string;
}

export interface Exception {
  readonly check: string;
  readonly object?: string;
  readonly container?: string;
  readonly says?: string;
  readonly reason: string;
}

interface Scored {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string };
  readonly checks: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

/** Off unless asked for; this project holds them. */
const optional = ['container-memory-requests-equal-limits', 'container-seccomp-profile', 'container-ports-check'];
const allOk = 10;

export const kubeScore = async (manifests: string): Promise<Finding[]> => {
  const options = ['--output-format', 'json', '--kubernetes-version', 'v1.32', '--disable-ignore-checks-annotations'];
  const enabled = optional.flatMap((check) => ['--enable-optional-test', check]);
  const { stdout, stderr } = await run(await goTool('kube-score'), ['score', ...options, ...enabled, '-'], {
    input: manifests,
    seconds: 120,
  });
  if (!stdout.startsWith('[')) throw new Error(`kube-score failed: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as Scored[]).flatMap(({ type_meta, object_meta, checks }) =>
    checks
      .filter(({ skipped, grade }) => !skipped && grade < allOk)
      .flatMap(({ check, comments }) =>
        (comments ?? [{ path: '', summary: '' }]).map(({ path, summary }) => ({
          check: check.id,
          object: `${type_meta.kind}/${object_meta.name}`,
          container: path,
          says: summary,
        })),
      ),
  );
};

export const exceptions = load(readFileSync(join(__dirname, 'exceptions.yaml'), 'utf8')) as Exception[];

export const excuses = (exception: Exception, finding: Finding): boolean =>
  exception.check === finding.check &&
  (exception.object ?? finding.object) === finding.object &&
  (exception.container ?? finding.container) === finding.container &&
  (exception.says ?? finding.says) === finding.says;
