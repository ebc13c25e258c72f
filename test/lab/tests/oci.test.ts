import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeImage } from '../oci/archive.ts';

const long = 'x'.repeat(120);
let work: string;

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'oci-'));
});
afterAll(() => rmSync(work, { recursive: true }));

/** A root file system with one of everything. */
function makeRoot(name: string, order: readonly string[] = ['b', 'a']): string {
  const root = join(work, name);
  mkdirSync(join(root, long, long), { recursive: true });
  for (const file of order) writeFileSync(join(root, file), `content of ${file}`);
  chmodSync(join(root, 'a'), 0o754);
  linkSync(join(root, 'a'), join(root, 'a-again'));
  symlinkSync(`/${long}/${long}/deep`, join(root, 'link'));
  writeFileSync(join(root, long, long, 'deep'), 'é'.repeat(700));
  return root;
}

function imageOf(...roots: string[]): { digest: string; bytes: Buffer; path: string } {
  const path = join(work, `${roots.length}-${Math.random()}.tar`);
  const digest = writeImage(path, 'example.test/thing:1', { User: '5' }, roots);
  return { digest, bytes: readFileSync(path), path };
}

function unpacked(archive: string): string {
  const to = mkdtempSync(join(work, 'unpacked-'));
  execFileSync('tar', ['--extract', '--preserve-permissions', '--file', archive, '--directory', to]);
  return to;
}

/** The parts of the archive's JSON files that the tests look at. */
interface Parts {
  readonly index: {
    readonly manifests: readonly { readonly digest: string; readonly annotations: Readonly<Record<string, string>> }[];
  };
  readonly manifest: {
    readonly config: { readonly digest: string };
    readonly layers: readonly { readonly digest: string; readonly size: number }[];
  };
  readonly config: {
    readonly config: Readonly<Record<string, unknown>>;
    readonly rootfs: { readonly diff_ids: readonly string[] };
  };
  readonly docker: readonly {
    readonly Config: string;
    readonly RepoTags: readonly string[];
    readonly Layers: readonly string[];
  }[];
}

const blob = (directory: string, digest: string): string => join(directory, 'blobs', digest.replace(':', '/'));

function partsOf(directory: string): Parts {
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const index = read(join(directory, 'index.json')) as Parts['index'];
  const manifest = read(blob(directory, index.manifests[0]?.digest ?? '')) as Parts['manifest'];
  const config = read(blob(directory, manifest.config.digest)) as Parts['config'];
  return { index, manifest, config, docker: read(join(directory, 'manifest.json')) as Parts['docker'] };
}

describe('an image archive', () => {
  test('is the same, byte for byte, whenever, wherever and in whatever order its files were made', () => {
    const first = makeRoot('first');
    const second = makeRoot('second', ['a', 'b']);
    utimesSync(join(second, 'a'), 1, 1);
    expect(imageOf(first).bytes.equals(imageOf(second).bytes)).toBe(true);
  });

  test('is another one when a byte or a mode of a file is', () => {
    const before = imageOf(makeRoot('same')).digest;
    const content = makeRoot('content');
    writeFileSync(join(content, 'b'), 'content of c');
    const mode = makeRoot('mode');
    chmodSync(join(mode, 'b'), 0o600);
    expect(new Set([before, imageOf(content).digest, imageOf(mode).digest]).size).toBe(3);
  });

  test('unpacks to what went in: modes, long names, links of both kinds', () => {
    const root = makeRoot('in');
    const image = unpacked(imageOf(root).path);
    const layer = unpacked(blob(image, partsOf(image).manifest.layers[0]?.digest ?? ''));
    expect(statSync(join(layer, 'a')).mode & 0o7777).toBe(0o754);
    expect(statSync(join(layer, 'a')).ino).toBe(statSync(join(layer, 'a-again')).ino);
    expect(readlinkSync(join(layer, 'link'))).toBe(`/${long}/${long}/deep`);
    execFileSync('diff', ['--recursive', '--no-dereference', root, layer]); // fails on any difference
  });

  test('holds each layer under its digest, and both containerd and Docker are told where', () => {
    const directory = unpacked(imageOf(makeRoot('lower'), makeRoot('upper', ['a', 'b', 'c'])).path);
    const { index, manifest, config, docker } = partsOf(directory);
    const digests = manifest.layers.map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(2);
    for (const { digest, size } of manifest.layers) {
      const bytes = readFileSync(blob(directory, digest));
      expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(digest);
      expect(bytes.length).toBe(size);
    }
    expect(config.rootfs.diff_ids).toEqual(digests);
    expect(config.config).toMatchObject({ User: '5' });
    expect(index.manifests[0]?.annotations['io.containerd.image.name']).toBe('example.test/thing:1');
    expect(docker).toEqual([
      {
        Config: `blobs/${manifest.config.digest.replace(':', '/')}`,
        RepoTags: ['example.test/thing:1'],
        Layers: digests.map((digest) => `blobs/${digest.replace(':', '/')}`),
      },
    ]);
  });
});
