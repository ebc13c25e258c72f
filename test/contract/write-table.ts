// Renews the table in the stand-in's README: tsx test/contract/write-table.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { sectionOf } from '../cluster/harness/section.ts';
import { checks } from './contract.ts';
import { begin, end, tableOf } from './table.ts';

const page = join(root, 'test/lab/elasticsearch/README.md');
writeFileSync(page, sectionOf(readFileSync(page, 'utf8'), begin, end).with(tableOf(checks)));
