// The form that the import sends, read by the parser of forms that Node.js has.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type FormFile, form } from '../../base/reviews/setup/multipart.ts';
import { BASE } from './support/programs.ts';

const SAVED_OBJECTS = readFileSync(join(BASE, 'dashboard/saved-objects.ndjson'), 'utf8');

const parsed = async (file: FormFile): Promise<{ names: string[]; name: string; type: string; bytes: Buffer }> => {
  const { type, text } = form(file);
  const data = await new Response(text, { headers: { 'content-type': type } }).formData();
  const entry = data.get(file.field);
  if (!(entry instanceof Blob)) throw new Error('no file');
  const bytes = Buffer.from(await entry.arrayBuffer());
  return { names: [...data.keys()], name: entry.name, type: entry.type, bytes };
};

const file = (text: string, name = 'saved-objects.ndjson'): FormFile => ({
  field: 'file',
  name,
  type: 'application/ndjson',
  text,
});

test.each([
  ['what is imported', SAVED_OBJECTS],
  ['nothing', ''],
  ['one line without an end', '{}'],
  ['line ends of every kind', '\r\n{"a":1}\r\n\n\r\n'],
  ['more than ASCII', '{"title":"Ünïcødé 顧客 ★ 👩‍🚀"}\n'],
  ['its own boundary', '--delivery-reviews\r\n--delivery-reviews-0--\r\n'],
])('the file comes out as it went in: %s', async (_, text) => {
  const found = await parsed(file(text));
  expect(found).toMatchObject({ names: ['file'], name: 'saved-objects.ndjson', type: 'application/ndjson' });
  expect(found.bytes).toEqual(Buffer.from(text));
});

test('no name breaks out of the head of its part', () => {
  const { text } = form(file('x', 'a"\r\nContent-Type: text/html\r\n\r\n.ndjson'));
  expect(text.split('\r\n')).toEqual([
    '--delivery-reviews',
    'Content-Disposition: form-data; name="file"; filename="a%22%0D%0AContent-Type: text/html%0D%0A%0D%0A.ndjson"',
    'Content-Type: application/ndjson',
    '',
    'x',
    '--delivery-reviews--',
    '',
  ]);
});

test('the same file gives the same form', () => {
  expect(form(file(SAVED_OBJECTS))).toEqual(form(file(SAVED_OBJECTS)));
});
