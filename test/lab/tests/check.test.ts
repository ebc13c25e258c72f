import { describe, expect, test } from '@jest/globals';
import { bash } from './bash.ts';

const parts = ['addresses', 'image', 'node', 'network', 'check'];

describe('what a machine lacks', () => {
  test('missing programs are named as the packages to install, in one command', () => {
    const { out } = bash(
      parts,
      'saved=$PATH; PATH=/nowhere; check_packages; PATH=$saved; printf "%s\\n" "${FINDINGS[@]}"',
    );
    expect(out).toMatch(/^packages: apt-get install .*\bunzip maven\b/);
  });

  test("a program is found in /usr/sbin too, which is not on everybody's PATH", () => {
    expect(bash(parts, 'PATH=/usr/bin:/bin; present chroot && echo found').out).toBe('found');
  });

  test.each([
    ['1.26', '1.26', true],
    ['1.26.8', '1.26', true],
    ['1.100', '1.26', true],
    ['1.9', '1.26', false],
    ['', '1.26', false],
  ])('version "%s" for "%s": %s', (found, wanted, enough) => {
    expect(bash(parts, `at_least '${found}' '${wanted}'`).code).toBe(enough ? 0 : 1);
  });

  test('a missing program is not taken for a lack of the kernel, and ends nothing', () => {
    const { code, out, err } = bash(
      parts,
      `mkdir bin
      for p in awk cat grep modprobe sh unshare; do ln -s "$(command -v $p || echo /nowhere)" bin/; done
      lab_is_up() { false; }
      present() { command -v "$1" > /dev/null; }
      PATH=$HERE/bin
      check_kernel
      check_addresses
      printf '%s\\n' "\${FINDINGS[@]}"
      echo end`,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/end$/);
    expect(out).not.toMatch(/bridge|nf_tables|ip_set/);
  });

  test.each([
    ['nearly full', '100000 14000', 'found: 14 %'],
    ['half full', '100000 50000', ''],
    // The watermark asks for 200 GiB at most.
    ['large, and 10 % free', '4000000 400000', ''],
  ])('a disk that is %s', (_, sizes, finding) => {
    const { out } = bash(parts, `df() { printf 'head\\n${sizes}\\n'; }; check_watermark /; echo "\${FINDINGS[*]}"`);
    expect(out).toContain(finding);
    expect(out === '').toBe(finding === '');
  });

  test('every finding is printed, and the check fails', () => {
    const { code, err } = bash(parts, 'check_packages() { finding one; }; check_toolchains() { finding two; }; check');
    expect(code).toBe(1);
    expect(err).toContain('lab: missing: one\nlab: missing: two');
  });
});
