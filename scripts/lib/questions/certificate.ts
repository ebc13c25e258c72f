// How long is the certificate good that the nodes serve?

import { no, type Verdict, yes } from './verdict.ts';

export const CERTIFICATE = 'the certificate that is served is good for 30 days and more';
/** As the alert ElasticsearchCertificateEnds has it: `credentials` makes a new one 90 days before the end. */
const ENOUGH_DAYS = 30;
const DAY_MS = 86_400_000;

/** Both in milliseconds since 1970. */
export const certificateVerdict = (ends: number, now: number): Verdict => {
  const days = Math.floor((ends - now) / DAY_MS);
  const detail = days < 0 ? `it ended ${-days} days ago` : `${days} days are left`;
  return days >= ENOUGH_DAYS ? yes(CERTIFICATE, detail) : no(CERTIFICATE, detail);
};
