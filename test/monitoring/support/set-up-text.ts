// What the two programs of the set-up's pod tell a Prometheus.
import { kibanaText, setUpText, unseen } from '../../../base/reviews/setup/watched.ts';

export const setUpTexts = (): string => setUpText(unseen(0), { expectedWithinSeconds: 86_400 }, 60) + kibanaText(true);
