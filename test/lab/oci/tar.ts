// The tar format (POSIX ustar, with pax records for what does not fit), just as far as image layers need it.
// Times and user names are left out: the same content must give the same bytes.

export interface TarEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly target: string;
}

const BLOCK = 512;
const KINDS = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const;

/** The blocks that stand before an entry's content. */
export function tarHeader(entry: TarEntry): Buffer {
  const path = entry.kind === 'directory' ? `${entry.path}/` : entry.path;
  const records = [
    ...(fits(path, 100) ? [] : [paxRecord('path', path)]),
    ...(fits(entry.target, 100) ? [] : [paxRecord('linkpath', entry.target)]),
    ...(entry.size < 8 ** 11 ? [] : [paxRecord('size', String(entry.size))]),
  ];
  const header = block({ ...entry, path, size: Math.min(entry.size, 8 ** 11 - 1) }, KINDS[entry.kind]);
  if (records.length === 0) return header;
  const pax = Buffer.concat(records);
  const paxHeader = block({ ...entry, path: 'PaxHeader', mode: 0o644, size: pax.length, target: '' }, 'x');
  return Buffer.concat([paxHeader, pax, tarPadding(pax.length), header]);
}

/** What fills the last block of a content of this size. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** The two empty blocks at the end of an archive. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

export function fileEntry(path: string, size: number): TarEntry {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size, target: '' };
}

function fits(text: string, bytes: number): boolean {
  return Buffer.byteLength(text) <= bytes;
}

/** "LENGTH KEY=VALUE\n", where LENGTH counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function block(entry: TarEntry, kind: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, width: number): void => {
    header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, offset, 'latin1');
  };
  Buffer.from(entry.path).copy(header, 0, 0, 100);
  octal(entry.mode & 0o7777, 100, 8);
  octal(entry.uid, 108, 8);
  octal(entry.gid, 116, 8);
  octal(entry.size, 124, 12);
  octal(0, 136, 12); // the time
  header.write('        ', 148, 'latin1'); // the checksum counts as blanks while it is summed up
  header.write(kind, 156, 'latin1');
  Buffer.from(entry.target).copy(header, 157, 0, 100);
  header.write('ustar\x0000', 257, 'latin1');
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
