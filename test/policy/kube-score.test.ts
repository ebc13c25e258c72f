import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildSeconds, renderFolder } from '../render/harness.ts';
import { exceptions, excuses, type Finding, kubeScore } from './kube-score.ts';

const overlays = ['dev', 'prod'];
const texts = new Map<string, string>();
const findings = new Map<string, Finding[]>();

beforeAll(async () => {
  for (const overlay of overlays) {
    const { text } = await renderFolder(`overlays/${overlay}`);
    texts.set(overlay, text);
    findings.set(overlay, await kubeScore(text));
  }
}, buildSeconds);

const notExcused = (found: readonly Finding[]): Finding[] =>
  found.filter((finding) => !exceptions.some((exception) => excuses(exception, finding)));

test.each(overlays)('kube-score finds nothing in overlay %s but what has a reason in exceptions.yaml', (overlay) => {
  expect(notExcused(findings.get(overlay) ?? [])).toEqual([]);
});

test.each(exceptions)('the exception from $check is still needed, and says why', (exception) => {
  expect([...findings.values()].flat().some((finding) => excuses(exception, finding))).toBe(true);
  expect(exception.reason.length).toBeGreaterThan(20);
});

describe('kube-score sees', () => {
  test.each([
    [
      'a container that may write to its root file system',
      /readOnlyRootFilesystem: true/g,
      'readOnlyRootFilesystem: false',
      'container-security-context-readonlyrootfilesystem',
    ],
    ['an image without a fixed tag', /elasticsearch:9\.\d+\.\d+/g, 'elasticsearch:latest', 'container-image-tag'],
    [
      'memory requests below the limits',
      /requests:\n(\s+)cpu: "2"\n\s+memory: \w+/g,
      'requests:\n$1cpu: "2"\n$1memory: 1Gi',
      'container-memory-requests-equal-limits',
    ],
  ])(
    '%s',
    async (_, search, replacement, check) => {
      const before = texts.get('prod') ?? '';
      const after = before.replace(search, replacement);
      expect(after).not.toBe(before);
      expect(notExcused(await kubeScore(after)).map((finding) => finding.check)).toContain(check);
    },
    60_000,
  );
});
