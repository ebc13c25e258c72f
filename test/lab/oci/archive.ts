// An image archive that containerd (OCI image layout) and every Docker engine (manifest.json) can load.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { layerEntries } from './layer.ts';
import { fileEntry, TAR_END, tarHeader, tarPadding } from './tar.ts';

export type ImageConfig = Readonly<Record<string, unknown>>;

interface Blob {
  readonly digest: string;
  readonly size: number;
}

const MEDIA = 'application/vnd.oci.image';
const DEFAULT_ENV = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
const CHUNK = Buffer.alloc(1 << 20);

/** Writes the archive, one layer per directory; gives the manifest's digest. Same input, same bytes. */
export function writeImage(archive: string, image: string, config: ImageConfig, roots: readonly string[]): string {
  const layers = roots.map((root, index) => {
    const file = `${archive}.layer${index}`;
    return { file, ...writeLayer(root, file) };
  });
  const configJson = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: { Env: DEFAULT_ENV, ...config },
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
      history: layers.map(() => ({ created: '1970-01-01T00:00:00Z', created_by: 'test/lab' })),
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: `${MEDIA}.manifest.v1+json`,
      config: { mediaType: `${MEDIA}.config.v1+json`, ...blobOf(configJson) },
      layers: layers.map(({ digest, size }) => ({ mediaType: `${MEDIA}.layer.v1.tar`, digest, size })),
    }),
  );
  const index = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      manifests: [
        {
          mediaType: `${MEDIA}.manifest.v1+json`,
          ...blobOf(manifest),
          annotations: { 'io.containerd.image.name': image, 'org.opencontainers.image.ref.name': tagOf(image) },
        },
      ],
    }),
  );
  const docker = Buffer.from(
    JSON.stringify([{ Config: blobPath(blobOf(configJson)), RepoTags: [image], Layers: layers.map(blobPath) }]),
  );

  const out = openSync(`${archive}.part`, 'w');
  append(out, 'oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  append(out, 'index.json', index);
  append(out, 'manifest.json', docker);
  for (const json of [configJson, manifest]) append(out, blobPath(blobOf(json)), json);
  const written = new Set<string>(); // two equal directories are one blob
  for (const layer of layers) {
    if (!written.has(layer.digest)) appendFile(out, blobPath(layer), layer.file, layer.size);
    written.add(layer.digest);
  }
  writeSync(out, TAR_END);
  closeSync(out);
  for (const { file } of layers) rmSync(file);
  renameSync(`${archive}.part`, archive);
  return blobOf(manifest).digest;
}

function writeLayer(root: string, file: string): Blob {
  const hash = createHash('sha256');
  const out = openSync(file, 'w');
  const write = (bytes: Buffer): void => {
    hash.update(bytes);
    writeSync(out, bytes);
  };
  for (const entry of layerEntries(root)) {
    write(tarHeader(entry));
    if (entry.kind !== 'file') continue;
    copy(entry.source, entry.size, write);
    write(tarPadding(entry.size));
  }
  write(TAR_END);
  closeSync(out);
  return { digest: `sha256:${hash.digest('hex')}`, size: statSync(file).size };
}

function append(out: number, path: string, content: Buffer): void {
  writeSync(out, Buffer.concat([tarHeader(fileEntry(path, content.length)), content, tarPadding(content.length)]));
}

function appendFile(out: number, path: string, file: string, size: number): void {
  writeSync(out, tarHeader(fileEntry(path, size)));
  copy(file, size, (bytes) => writeSync(out, bytes));
  writeSync(out, tarPadding(size));
}

function copy(file: string, size: number, write: (bytes: Buffer) => void): void {
  const input = openSync(file, 'r');
  let left = size;
  while (left > 0) {
    const count = readSync(input, CHUNK, 0, Math.min(CHUNK.length, left), null);
    if (count === 0) throw new Error(`${file} shrank while it was read`);
    write(CHUNK.subarray(0, count));
    left -= count;
  }
  closeSync(input);
}

function blobOf(content: Buffer): Blob {
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, size: content.length };
}

function blobPath({ digest }: Blob): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function tagOf(image: string): string {
  return image.slice(image.lastIndexOf(':') + 1);
}
