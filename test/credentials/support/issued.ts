// The certificates that a look has made in a namespace: the authority, the nodes' one and Kibana's.
import { expect } from '@jest/globals';
import type { ApiServer } from '../../support/api-server.ts';
import { elasticsearchTools } from '../../support/needs/elasticsearch.ts';
import { belongTogether, isTrusted } from './certificates.ts';
import { Place } from './place.ts';
import type { Secret } from './secret.ts';

/** A new namespace whose looks make certificates. One user is enough there: passwords have tests of their own. */
export const makingCertificates = async (server: ApiServer): Promise<Place> => {
  const place = await Place.make(server);
  place.write('users.txt', 'operations operations\n');
  Object.assign(place.env, {
    USERS_TABLE: place.path('users.txt'),
    MAKE_CERTIFICATES: 'yes',
    PATH: `${elasticsearchTools}:${place.env['PATH'] ?? ''}`,
  });
  return place;
};

interface Issued {
  readonly tls: () => Promise<Secret>;
  readonly kibana: () => Promise<Secret>;
  readonly authority: () => Promise<Secret>;
  /** The name of one of the nodes. */
  readonly node: () => string;
  /** Accepts a new authority in the place of a lost one, on that day. */
  readonly accept: (day: string) => Promise<void>;
  /** Both certificates fit their keys, and are trusted by their own bundle for their own names alone. */
  readonly expectSound: () => Promise<void>;
}

export const today = (): string => new Date().toISOString().slice(0, 10);

/** Of the namespace that the test is in: it may go on to another one, so it is asked for each time. */
export const issuedIn = (place: () => Place): Issued => {
  const tls = (): Promise<Secret> => place().mustHave('elasticsearch-tls');
  const kibana = (): Promise<Secret> => place().mustHave('kibana-tls');
  const authority = (): Promise<Secret> => place().mustHave('elasticsearch-ca');
  const node = (): string => `elasticsearch-1.elasticsearch-nodes.${place().namespace}.svc.cluster.local`;
  const accept = (day: string): Promise<void> => place().annotate('elasticsearch-users', 'new-authority', day);
  const expectSound = async (): Promise<void> => {
    const { namespace } = place();
    const services = ['elasticsearch', `elasticsearch.${namespace}.svc`];
    const named: readonly [Secret, readonly string[], readonly string[]][] = [
      [await tls(), [node(), 'localhost', ...services], ['kibana', `kibana.${namespace}.svc`]],
      [await kibana(), ['localhost', 'kibana', `kibana.${namespace}.svc.cluster.local`], [node(), ...services]],
    ];
    for (const [{ data }, its, others] of named) {
      const { 'ca.crt': bundle = '', 'tls.crt': certificate = '', 'tls.key': key = '' } = data;
      expect(Object.keys(data).sort()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
      expect(belongTogether(certificate, key)).toBe(true);
      for (const name of its) expect([name, isTrusted(bundle, certificate, name)]).toEqual([name, true]);
      for (const name of [...others, 'elsewhere.example'])
        expect([name, isTrusted(bundle, certificate, name)]).toEqual([name, false]);
    }
  };
  return { tls, kibana, authority, node, accept, expectSound };
};
