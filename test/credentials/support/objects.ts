// Secrets of a namespace, and the ConfigMap by which the nodes say that the cluster has formed.
import type { ISecret } from 'kubernetes-models/v1';
import type { ApiServer } from '../../support/api-server.ts';
import { prefix, type Secret, secretOf } from './secret.ts';

export class Objects {
  protected constructor(
    readonly server: ApiServer,
    readonly namespace: string,
  ) {}

  async secret(name: string): Promise<Secret | undefined> {
    const { status, body } = await this.server.send<ISecret>({ path: `namespaces/${this.namespace}/secrets/${name}` });
    if (status === 404) return undefined;
    return secretOf(body);
  }

  async mustHave(name: string): Promise<Secret> {
    const found = await this.secret(name);
    if (found === undefined) throw new Error(`there is no Secret ${name}`);
    return found;
  }

  /** Every Secret's version: the same later means that nothing was written. */
  async versions(): Promise<Record<string, string>> {
    const { items } = await this.server.must<{ items: ISecret[] }>({ path: `namespaces/${this.namespace}/secrets` });
    return Object.fromEntries(items.map(({ metadata }) => [metadata?.name ?? '', metadata?.resourceVersion ?? '']));
  }

  async put(
    name: string,
    data: Readonly<Record<string, string>>,
    annotations: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const body = { metadata: { name, annotations }, stringData: data };
    await this.server.must({ method: 'POST', path: `namespaces/${this.namespace}/secrets`, body });
  }

  /** Certificates of somebody else: a look is complete when the passwords are there, and takes no time for others. */
  async putCertificates(ca = 'from elsewhere'): Promise<void> {
    for (const name of ['elasticsearch-tls', 'kibana-tls']) await this.put(name, { 'ca.crt': ca });
  }

  async patch(name: string, body: object): Promise<void> {
    const path = `namespaces/${this.namespace}/secrets/${name}`;
    await this.server.must({ method: 'PATCH', path, type: 'application/merge-patch+json', body });
  }

  annotate(name: string, key: string, value: string | null): Promise<void> {
    return this.patch(name, { metadata: { annotations: { [`${prefix}/${key}`]: value } } });
  }

  async remove(name: string): Promise<void> {
    await this.server.must({ method: 'DELETE', path: `namespaces/${this.namespace}/secrets/${name}` });
  }

  /** The same, of a cluster that also has stored the superuser's password: there is nothing that it is asked for. */
  formedAndStored(annotations: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.formed(annotations, { superuser_stored: 'x' });
  }

  /** What the nodes write when the cluster has formed. */
  async formed(
    annotations: Readonly<Record<string, string>> = {},
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const body = { metadata: { name: 'elasticsearch-formed', annotations }, data: { cluster_uuid: 'x', ...more } };
    await this.server.send({ method: 'DELETE', path: `namespaces/${this.namespace}/configmaps/elasticsearch-formed` });
    await this.server.must({ method: 'POST', path: `namespaces/${this.namespace}/configmaps`, body });
  }

  /** The data of the marker, where there is one. */
  async marker(): Promise<Readonly<Record<string, string>> | undefined> {
    const { status, body } = await this.server.send<{ data?: Record<string, string> }>({
      path: `namespaces/${this.namespace}/configmaps/elasticsearch-formed`,
    });
    return status === 200 ? body.data : undefined;
  }
}
