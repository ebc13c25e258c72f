import { copyFileSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A ConfigMap as the kubelet mounts it: its files are links to those of a folder that it can replace. */
export const mountConfigMap = (from: string, to: string): void => {
  mkdirSync(join(to, '..2026_01'), { recursive: true });
  symlinkSync('..2026_01', join(to, '..data'));
  for (const file of readdirSync(from)) {
    copyFileSync(join(from, file), join(to, '..2026_01', file));
    symlinkSync(`..data/${file}`, join(to, file));
  }
};
