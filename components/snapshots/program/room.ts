// Is there room for a month more? Elasticsearch puts nothing on a node whose disk would pass its low watermark, and a
// shard is on one disk.

export interface Disk {
  readonly node: string;
  readonly total: number;
  readonly available: number;
}

/** How much of a disk must stay free; nothing of it where Elasticsearch is told not to care. */
export interface Watermark {
  /** 0.85 where 85 % may be used; 1 where none is. */
  readonly used: number;
  /** Where a share of a large disk would be more, in bytes. */
  readonly most: number;
}

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
  tb: 1024 ** 4,
  pb: 1024 ** 5,
};

/** As Elasticsearch writes it: "200GB", "1.5gb", "0b"; -1 is no bound. Undefined: of another form. */
export const bytesOf = (value: string): number | undefined => {
  if (value === '-1') return Number.POSITIVE_INFINITY;
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([kmgtp]?b)$/i.exec(value.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return factor === undefined ? undefined : Number(number) * factor;
};

/** "85%", "0.85", or the bytes that must stay free. Undefined: of another form. */
export const watermarkOf = (low: string, most: string): Watermark | undefined => {
  const bound = bytesOf(most);
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(low.trim()) ?? [];
  if (percent !== undefined) return bound === undefined ? undefined : { used: Number(percent) / 100, most: bound };
  if (/^0?\.\d+$/.test(low.trim())) return bound === undefined ? undefined : { used: Number(low), most: bound };
  const free = bytesOf(low);
  return free === undefined ? undefined : { used: 0, most: free };
};

const keptFree = (total: number, { used, most }: Watermark): number => Math.min(total * (1 - used), most);

/** The largest that fits on one disk. */
export const roomOn = (disks: readonly Disk[], watermark: Watermark): number =>
  Math.max(0, ...disks.map(({ total, available }) => available - keptFree(total, watermark)));
