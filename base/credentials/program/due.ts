// Which step of a certificate's life is due.

import { DAY, secondsOf } from './time.ts';

/** Every name by which those who serve it are called: short, with namespace, and in full with the cluster's domain. */
export const namesFor = (secret: string, namespace: string, domain: string): string[] => {
  const service = secret === 'kibana-tls' ? 'kibana' : 'elasticsearch';
  const full = (name: string): string[] => [
    `${name}.${namespace}`,
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.${domain}`,
  ];
  const nodes = secret === 'kibana-tls' ? [] : full('*.elasticsearch-nodes');
  return ['localhost', service, ...full(service), ...nodes];
};

/** Of the Kubernetes cluster, from the pod's resolv.conf. */
export const domainIn = (resolvConf: string, namespace: string): string => {
  const words = resolvConf.split('\n').flatMap((line) => (/^search\s/.test(line) ? line.split(/\s+/) : []));
  const start = `${namespace}.svc.`;
  return (
    words
      .find((word) => word.startsWith(start))
      ?.slice(start.length)
      .replace(/\.$/, '') || 'cluster.local'
  );
};

export type Step = 'trust' | 'sign' | 'renew' | 'forget' | 'nothing';

interface Standing {
  readonly notes: Readonly<Record<string, string>>;
  /** Fingerprints of ca.crt of the Secret, and of the authority's. */
  readonly trusted: readonly string[];
  readonly authority: readonly string[];
  readonly signer: string;
  /** When the certificate does. */
  readonly ends: number;
  readonly names: string;
  readonly now: number;
  readonly keepPreviousSeconds: number;
  readonly renewBeforeSeconds: number;
}

export const dueStep = (one: Standing): Step => {
  const { notes, trusted, authority, ends, now } = one;
  const waited = (note: string): boolean => now - (secondsOf(notes[note]) ?? 0) >= one.keepPreviousSeconds;
  if (!authority.every((print) => trusted.includes(print))) return 'trust';
  if (notes['signed-by'] !== one.signer)
    // Earlier than that only if the certificate could end before.
    return waited('trusted-at') || ends <= now + DAY ? 'sign' : 'nothing';
  if (ends <= now + one.renewBeforeSeconds || notes['hosts'] !== one.names || notes['rotate'] === 'requested')
    return 'renew';
  return trusted.join() !== authority.join() && waited('signed-at') ? 'forget' : 'nothing';
};
