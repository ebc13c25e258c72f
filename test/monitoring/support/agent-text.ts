// What an agent tells a Prometheus: of a node that waits, and of one that serves.
import { metricsText } from '../../../base/elasticsearch/agent/metrics.ts';
import { createRecord } from '../../../base/elasticsearch/agent/record.ts';
import { readWaits } from '../../../base/elasticsearch/agent/settings.ts';
import { environment } from '../../agent/support/environment.ts';

export const agentTexts = (wanted = 3): { readonly waiting: string; readonly serving: string } => {
  const record = createRecord(() => 0);
  record.waits('copies');
  record.wants(wanted);
  record.sawCertificate(1.8e9);
  const use = { startedAtSeconds: 1.7e9, cpuSeconds: 1, residentBytes: 9e7 };
  const text = (): string => metricsText(record.look(), readWaits(environment('/none')), use);
  const waiting = text();
  record.enter('serving');
  return { waiting, serving: text() };
};
