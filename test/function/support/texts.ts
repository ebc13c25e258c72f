// Resource lists as short texts.
import type { ResourceList } from '../../../functions/elasticsearch-topology/src/resource-list/list.ts';

export const HEAD = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n';

export const bytes = (text: string): Buffer => Buffer.from(text);

export const written = (list: ResourceList, ...edits: Parameters<ResourceList['write']>): string =>
  Buffer.concat(list.write(...edits)).toString();
