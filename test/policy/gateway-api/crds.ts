// The CRDs of the Gateway API, from its Go module: each release carries those that its types belong to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { KubernetesObject } from '../../../scripts/lib/objects.ts';
import { run } from '../../../scripts/lib/process.ts';

const moduleName = 'sigs.k8s.io/gateway-api';
const kinds = ['httproutes', 'backendtlspolicies'];

export interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

interface Crd extends KubernetesObject {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly group: string;
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

let known: Promise<readonly Crd[]> | undefined;

const read = async (): Promise<readonly Crd[]> => {
  const { code, stdout, stderr } = await run('go', ['mod', 'download', '-json', moduleName], {
    cwd: __dirname,
    seconds: 300,
  });
  if (code !== 0) throw new Error(`${moduleName} could not be had: ${stdout}${stderr}`);
  const { Dir } = JSON.parse(stdout) as { readonly Dir: string };
  return kinds.map(
    (name) =>
      load(readFileSync(join(Dir, `config/crd/standard/gateway.networking.k8s.io_${name}.yaml`), 'utf8')) as Crd,
  );
};

export const crds = (): Promise<readonly Crd[]> => {
  known ??= read();
  return known;
};

/** A field that the schema does not name is an error, as it is for `kubectl apply --validate=strict`. */
const strict = (schema: Schema): Schema => ({
  ...schema,
  ...(schema.items === undefined ? {} : { items: strict(schema.items) }),
  ...(schema.properties === undefined
    ? {}
    : {
        properties: Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, strict(one)])),
        additionalProperties: false,
      }),
});

/** The schema of an object's kind and version, where that is served. */
export const strictSchema = (all: readonly Crd[], { apiVersion, kind }: KubernetesObject): Schema => {
  const crd = all.find(({ spec }) => spec.names.kind === kind);
  const version = crd?.spec.versions.find(({ name, served }) => served && `${crd.spec.group}/${name}` === apiVersion);
  if (version === undefined) throw new Error(`there is no ${kind} in ${apiVersion}`);
  return strict(version.schema.openAPIV3Schema);
};
