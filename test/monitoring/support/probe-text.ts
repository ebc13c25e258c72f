// What the probe tells a Prometheus at its start: nothing is left out until it happens.
import { metricsText } from '../../../components/reviews-probe/program/metrics.ts';
import { unseen } from '../../../components/reviews-probe/program/watched.ts';

export const probeText = (): string => metricsText(unseen(0));
