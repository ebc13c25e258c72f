// Certificates that nodes and Kibana may show, of two authorities.
import { type Issued, issue } from './issue.ts';

export interface Shown {
  readonly root: Issued;
  /** The authority before that one. */
  readonly before: Issued;
  /** What the Secrets hold. */
  readonly current: Issued;
  readonly old: Issued;
  readonly endsSoon: Issued;
  readonly ofBefore: Issued;
}

const leaf = (by: Issued, days: number): Issued =>
  issue({ subject: '/CN=tls', by, days, extensions: ['subjectAltName=DNS:localhost'] });

export const shown = (): Shown => {
  const [root, before] = [issue({ subject: '/CN=root' }), issue({ subject: '/CN=root before' })];
  return {
    root,
    before,
    current: leaf(root, 365),
    old: leaf(root, 80),
    endsSoon: leaf(root, 20),
    ofBefore: leaf(before, 300),
  };
};
