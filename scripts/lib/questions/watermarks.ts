// Above which use of a disk Elasticsearch puts no copies there, moves them away, takes no writes: as a share of the
// disk, capped by a headroom in bytes, or as bytes that must stay free.
// https://www.elastic.co/docs/troubleshoot/elasticsearch/fix-watermark-errors

import { NotUnderstood } from '../shape.ts';
import { effective, type Settings } from './answers.ts';

/** Bytes that must stay free on a disk of that many. */
export type MustStayFree = (total: number) => number;

export interface Watermarks {
  /** False: Elasticsearch fills disks to their end. */
  readonly heeded: boolean;
  readonly low: MustStayFree;
  readonly flood: MustStayFree;
}

const UNITS: Readonly<Record<string, number>> = {
  b: 0,
  kb: 1,
  k: 1,
  mb: 2,
  m: 2,
  gb: 3,
  g: 3,
  tb: 4,
  t: 4,
  pb: 5,
  p: 5,
};

/** As ByteSizeValue writes them; undefined for anything else. */
const bytesOf = (value: string): number | undefined => {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(value.trim()) ?? [];
  const power = UNITS[unit.toLowerCase()];
  return amount === undefined || power === undefined ? undefined : Number(amount) * 1024 ** power;
};

/** "85%" or "0.85"; undefined for anything else. */
const shareOf = (value: string): number | undefined => {
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(value.trim()) ?? [];
  const share = amount === undefined ? undefined : Number(amount) / (percent === '%' ? 100 : 1);
  return share === undefined || share > 1 ? undefined : share;
};

const watermark = (settings: Settings, name: string): MustStayFree => {
  const setting = `cluster.routing.allocation.disk.watermark.${name}`;
  const value = effective(settings, setting);
  const share = shareOf(value);
  if (share === undefined) {
    const bytes = bytesOf(value);
    if (bytes === undefined) throw new NotUnderstood(`${setting} is "${value}"`);
    return () => bytes;
  }
  const headroom = effective(settings, `${setting}.max_headroom`);
  // -1: none, as it is where somebody has set the watermark itself.
  const most = headroom === '-1' ? Number.POSITIVE_INFINITY : bytesOf(headroom);
  if (most === undefined) throw new NotUnderstood(`${setting}.max_headroom is "${headroom}"`);
  return (total) => Math.min(total * (1 - share), most);
};

export const watermarksOf = (settings: Settings): Watermarks => ({
  heeded: effective(settings, 'cluster.routing.allocation.disk.threshold_enabled') === 'true',
  low: watermark(settings, 'low'),
  flood: watermark(settings, 'flood_stage'),
});
