// Which connections network policies allow, worked out as Kubernetes defines it: a pod that no policy selects for a
// direction is open in it; one that is selected may do what any of them allows; a connection needs the leave of both
// ends.
import type { INetworkPolicy, INetworkPolicyPeer, INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1';

type LabelSelector = NonNullable<INetworkPolicyPeer['podSelector']>;

export interface End {
  readonly name: string;
  /** Undefined: no pod, but an address outside of the cluster's network, such as the API server's. */
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Of its namespace. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly address?: string;
}

const matches = (selector: LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector?.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    if (operator === 'In') return values.includes(labels[key] ?? '');
    throw new Error(`operator ${operator} is not known here`);
  });

const isPeer = (peer: INetworkPolicyPeer, end: End, ownNamespace: string): boolean => {
  if (peer.ipBlock !== undefined) return peer.ipBlock.cidr === `${end.address ?? ''}/32`;
  if (end.namespace === undefined) return false;
  const inNamespace =
    peer.namespaceSelector === undefined
      ? end.namespace === ownNamespace
      : matches(peer.namespaceSelector, end.namespaceLabels);
  return inNamespace && (peer.podSelector === undefined || matches(peer.podSelector, end.labels));
};

const isPort = (ports: readonly INetworkPolicyPort[] | undefined, port: number, protocol: string): boolean =>
  ports === undefined || ports.some((one) => one.port === port && (one.protocol ?? 'TCP') === protocol);

interface Rule {
  readonly peers: readonly INetworkPolicyPeer[] | undefined;
  readonly ports: readonly INetworkPolicyPort[] | undefined;
}

const rules = ({ spec }: INetworkPolicy, direction: 'Ingress' | 'Egress'): Rule[] =>
  direction === 'Ingress'
    ? (spec?.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
    : (spec?.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));

const allowsOneWay = (
  policies: readonly INetworkPolicy[],
  direction: 'Ingress' | 'Egress',
  self: End,
  other: End,
  port: number,
  protocol: string,
): boolean => {
  const concerned = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === self.namespace &&
      (spec?.policyTypes ?? []).includes(direction) &&
      matches(spec?.podSelector, self.labels),
  );
  if (self.namespace === undefined || concerned.length === 0) return true;
  return concerned
    .flatMap((policy) => rules(policy, direction))
    .some(
      ({ peers, ports }) =>
        isPort(ports, port, protocol) &&
        (peers === undefined || peers.some((peer) => isPeer(peer, other, self.namespace ?? ''))),
    );
};

export const allows = (
  policies: readonly INetworkPolicy[],
  from: End,
  to: End,
  port: number,
  protocol = 'TCP',
): boolean =>
  allowsOneWay(policies, 'Egress', from, to, port, protocol) &&
  allowsOneWay(policies, 'Ingress', to, from, port, protocol);
