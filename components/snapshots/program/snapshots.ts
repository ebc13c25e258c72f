// What a repository holds, and which of it can be relied on. Functions of what was read: no clock, no client.

export interface Snapshot {
  readonly name: string;
  readonly state: string;
  /** In seconds since 1970. What was indexed before it is in the snapshot. */
  readonly start: number;
  /** 0 while it is being taken. */
  readonly end: number;
  readonly indices: readonly string[];
  readonly shards: { readonly total: number; readonly failed: number; readonly successful: number };
  readonly note: Note;
}

/** What the program adds to a snapshot that it takes; each part is missing from one of somebody else's. */
export interface Note {
  /** The uuid of the cluster that it was taken in. */
  readonly cluster?: string;
  /** The digest of the record of what there was when it began; missing where that could not be made. */
  readonly record?: string;
  /** How many months that record has. */
  readonly months?: number;
  readonly reviews?: number;
}

export const MONTHS = 'reviews-';
/** The index that has the record: it is in each snapshot, since the note of a snapshot may have 1024 bytes only. */
export const RECORD = 'backup-record';
/** Before the names of what is restored beside the live indices. */
export const BESIDE = 'drill-';

export const isRunning = ({ state }: Snapshot): boolean => state === 'IN_PROGRESS';

export const monthsIn = ({ indices }: Snapshot): readonly string[] =>
  indices.filter((name) => name.startsWith(MONTHS)).sort();

/**
 * Every shard is in it, and so is every month that was there, with a record to hold it against. PARTIAL is not good:
 * it is kept, as it may be all that there is.
 */
export const isGood = (snapshot: Snapshot): boolean => {
  const { state, shards, note } = snapshot;
  return (
    state === 'SUCCESS' &&
    shards.failed === 0 &&
    shards.total > 0 &&
    shards.successful === shards.total &&
    note.cluster !== undefined &&
    note.record !== undefined &&
    note.months !== undefined &&
    snapshot.indices.includes(RECORD) &&
    monthsIn(snapshot).length >= note.months
  );
};

export const newestFirst = (snapshots: readonly Snapshot[]): readonly Snapshot[] =>
  [...snapshots].sort((a, b) => b.start - a.start || (a.name < b.name ? 1 : -1));

export const newestGood = (snapshots: readonly Snapshot[]): Snapshot | undefined => newestFirst(snapshots).find(isGood);

export type Owner =
  /** Nobody has written there. */
  | { readonly is: 'nobody' }
  | { readonly is: 'us' }
  /** The uuid, or nothing where no snapshot says whose it is. */
  | { readonly is: 'another'; readonly cluster: string | undefined };

/**
 * Whose repository it is: of who wrote last. Two clusters that write into one damage it, and a new cluster in place of
 * a lost one must not write before it has got back what is there.
 */
export const ownerOf = (snapshots: readonly Snapshot[], cluster: string): Owner => {
  if (snapshots.length === 0) return { is: 'nobody' };
  const last = newestFirst(snapshots).find(({ note }) => note.cluster !== undefined)?.note.cluster;
  return last === cluster ? { is: 'us' } : { is: 'another', cluster: last };
};
