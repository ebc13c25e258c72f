import { describe, expect, test } from '@jest/globals';
import { bash } from './bash.ts';

const aModule = `mkdir m; echo 'module m' > m/go.mod; echo sum > m/go.sum; echo 'package main' > m/main.go
before=$(binary_key m . "-s -w")
after() { [ "$(binary_key m "\${1:-.}" "\${2:--s -w}")" = "$before" ] && echo same || echo other; }
`;

describe('the key of a binary', () => {
  test('stays the same for the same module', () => {
    expect(bash(['build'], `${aModule} touch m/go.mod; after`).out).toBe('same');
  });

  test.each([
    ['the pinned versions', 'echo more >> m/go.mod; after'],
    ['their checksums', 'echo more >> m/go.sum; after'],
    ["the module's own code", 'echo more >> m/main.go; after'],
    ['the package', 'after ./cmd'],
    ["the linker's flags", 'after . -X'],
    ['the compiler', 'GOOS=plan9 after'],
  ])('changes with %s', (_, change) => {
    expect(bash(['build'], aModule + change).out).toBe('other');
  });

  test('a binary without a key, or with another, is built again', () => {
    expect(
      bash(
        ['build'],
        `
      up_to_date b k || echo missing
      touch b; up_to_date b k || echo keyless
      echo other > b.key; up_to_date b k || echo other
      echo k > b.key; up_to_date b k && echo fresh`,
      ).out.split('\n'),
    ).toEqual(['missing', 'keyless', 'other', 'fresh']);
  });

  test('Kubernetes is told its version, as clients refuse to speak to v0.0.0', () => {
    const flags = bash(['build'], 'kubernetes_flags').out;
    expect(flags).toContain('-X k8s.io/component-base/version.gitVersion=v1.37.2');
    expect(flags).toContain('-X k8s.io/client-go/pkg/version.gitMinor=37');
  });

  test('another release has its own version, and its binaries a folder of their own', () => {
    const asked = 'use_kubernetes 1.35; kubernetes_flags; echo " in $KUBE_BIN"';
    expect(bash(['build'], asked).out).toMatch(/gitVersion=v1\.35\.\d+ .* in .*\/bin\/1\.35$/);
  });

  test('one that is not there is refused, with those that are', () => {
    const { err } = bash(['build'], 'use_kubernetes 1.12; build kubectl');
    expect(err).toContain("KUBERNETES is one of 1.33 1.35 1.36 1.37, not '1.12'");
  });
});

describe('the key of an image', () => {
  test('changes when a file of its sources does', () => {
    expect(
      bash(
        ['image'],
        `
      cp -r "$LAB_SRC" copy; LAB_SRC=$HERE/copy
      before=$(image_key elasticsearch)
      [ "$(image_key elasticsearch)" = "$before" ] && echo same
      echo "# more" >> copy/elasticsearch/config/jvm.options
      [ "$(image_key elasticsearch)" = "$before" ] || echo other`,
      ).out.split('\n'),
    ).toEqual(['same', 'other']);
  });
});
