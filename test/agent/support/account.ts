// A namespace with the account and the rights of the nodes' pods, at a real API server, and clients of several pods.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { type KubernetesClient, kubernetesClient } from '../../../base/elasticsearch/agent/kubernetes.ts';
import { readSettings } from '../../../base/elasticsearch/agent/settings.ts';
import { root } from '../../../scripts/lib/paths.ts';
import type { ApiServer } from '../../support/api-server.ts';
import { environment } from './environment.ts';

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly roleRef?: { readonly name: string };
  readonly subjects?: readonly object[];
}

const objectsIn = (file: string): readonly KubernetesObject[] =>
  loadAll(readFileSync(join(root, file), 'utf8')) as KubernetesObject[];

const folders: Readonly<Record<string, string>> = {
  ServiceAccount: '/api/v1/namespaces/NAMESPACE/serviceaccounts',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/NAMESPACE/rolebindings',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

let number = 0;

export class Account {
  private constructor(
    readonly server: ApiServer,
    readonly namespace: string,
    readonly token: string,
    private readonly folder: string,
  ) {}

  /** As an overlay renders it into that namespace. */
  static async make(server: ApiServer): Promise<Account> {
    number += 1;
    const namespace = `reviews-${number}`;
    await server.must({ method: 'POST', path: 'namespaces', body: { metadata: { name: namespace } } });
    const files = ['elasticsearch/service-account.yaml', 'elasticsearch/lifecycle-rights.yaml'];
    for (const file of [...files.map((name) => `base/${name}`), 'components/zone-lookup/cluster-role.yaml'])
      for (const object of objectsIn(file)) {
        const { metadata, roleRef, subjects } = object;
        // As the transformer of components/zone-lookup does it.
        const placed = (name: string): string => (object.kind.startsWith('Cluster') ? `${name}.${namespace}` : name);
        const body = {
          ...object,
          metadata: { ...metadata, name: placed(metadata.name) },
          ...(roleRef === undefined ? {} : { roleRef: { ...roleRef, name: placed(roleRef.name) } }),
          ...(subjects === undefined ? {} : { subjects: subjects.map((subject) => ({ ...subject, namespace })) }),
        };
        const path = folders[object.kind]?.replace('NAMESPACE', namespace) ?? '';
        await server.must({ method: 'POST', path, body });
      }
    const { status } = await server.must<{ status: { token: string } }>({
      method: 'POST',
      path: `namespaces/${namespace}/serviceaccounts/elasticsearch/token`,
      body: { spec: { expirationSeconds: 3600 } },
    });
    const account = new Account(server, namespace, status.token, mkdtempSync(join(server.folder, 'account-')));
    mkdirSync(join(account.folder, 'account'));
    account.write('account/token', status.token);
    account.write('account/ca.crt', server.certificate);
    return account;
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** The environment of that pod. */
  env(pod = 'elasticsearch-1'): Record<string, string> {
    return {
      ...environment(this.folder, { kubernetesPort: this.server.port }),
      POD_NAME: pod,
      POD_NAMESPACE: this.namespace,
    };
  }

  client(pod?: string): KubernetesClient {
    return kubernetesClient(readSettings(this.env(pod)));
  }
}
