import { describe, expect, test } from '@jest/globals';
import { bash } from './bash.ts';

const pki = 'pki() { "$LAB_SRC/lib/pki" "$HERE/pki" 10.210.0.1 "$@"; }; pki 2>&1; cd pki\n';

describe("the lab's certificates", () => {
  test('are signed by its authority, and name what clients call the API server', () => {
    const { out } = bash(
      [],
      `${pki}
      openssl verify -CAfile ca.crt apiserver.crt admin.crt scheduler.crt
      openssl x509 -in apiserver.crt -noout -ext subjectAltName | tail -n 1`,
    );
    expect(out.split('\n').slice(0, 3)).toEqual(['apiserver.crt: OK', 'admin.crt: OK', 'scheduler.crt: OK']);
    for (const name of ['DNS:kubernetes.default.svc.cluster.local', 'IP Address:10.96.0.1', 'IP Address:10.210.0.1'])
      expect(out).toContain(name);
  });

  test('are made once; those of a node, which names itself to the authorizer, when it comes', () => {
    const { out } = bash(
      [],
      `${pki}
      before=$(sha256sum ca.key admin.kubeconfig)
      pki; pki node-b 10.210.0.12; pki node-b 10.210.0.12
      [ "$(sha256sum ca.key admin.kubeconfig)" = "$before" ] && echo kept
      openssl x509 -in node-b.crt -noout -subject -ext subjectAltName
      stat --format %a node-b.kubeconfig`,
    );
    expect(out).toMatch(
      /^kept\nsubject=O = system:nodes, CN = system:node:node-b\n[\s\S]*DNS:node-b, IP Address:10\.210\.0\.12\n600$/,
    );
  });

  test('a run that was killed half-way is done over', () => {
    expect(
      bash(
        [],
        `${pki} rm complete sa.pub scheduler.kubeconfig; pki; ls complete sa.pub scheduler.kubeconfig; openssl ` +
          'verify -CAfile ca.crt admin.crt',
      ).out,
    ).toBe('complete\nsa.pub\nscheduler.kubeconfig\nadmin.crt: OK');
  });
});
