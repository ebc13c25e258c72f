// One line of the standard input, and nothing else, is a customer's id.
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { customerIn, type Input, LONGEST_BYTES, readCustomer } from '../../base/reviews/setup/customer.ts';

const found = (input: Input): string | undefined => (input.ok ? input.customer : undefined);

describe('a line', () => {
  test.each([
    ['C12345\n', 'C12345'],
    ['C12345', 'C12345'],
    ['C12345\r\n', 'C12345'],
    ['C12345\r', 'C12345\r'],
    ['C12345\r\r\n', 'C12345\r'],
    ['C1\r2\n', 'C1\r2'],
    [' C 1\t\n', ' C 1\t'],
    ['"\\\'\n', '"\\\''],
    ['\ufeffÜ 顧客 👩‍🚀\n', '\ufeffÜ 顧客 👩‍🚀'],
    ['-\n', '-'],
    [`${'x'.repeat(LONGEST_BYTES)}\n`, 'x'.repeat(LONGEST_BYTES)],
    [`${'x'.repeat(LONGEST_BYTES)}\r\n`, 'x'.repeat(LONGEST_BYTES)],
  ])('%j is an id', (text, customer) => expect(found(customerIn(Buffer.from(text)))).toBe(customer));

  test.each([
    ['', 'empty'],
    ['\n', 'empty'],
    ['\r\n', 'empty'],
    ['C1\nC2\n', 'more than one line'],
    ['C1\n\n', 'more than one line'],
    ['\nC1', 'more than one line'],
    ['x'.repeat(LONGEST_BYTES + 1), 'longer than'],
  ])('%j is none', (text, why) =>
    expect(customerIn(Buffer.from(text))).toEqual({ ok: false, why: expect.stringContaining(why) }),
  );

  test('bytes that are not UTF-8 are none, and nothing is put in their place', () =>
    expect(customerIn(Buffer.from([0x43, 0xff, 0x0a]))).toEqual({ ok: false, why: 'the line is not UTF-8' }));
});

describe('the input', () => {
  const read = async (seconds: number, ...chunks: readonly (string | Buffer)[]): Promise<Input> => {
    const input = new PassThrough();
    const reading = readCustomer(input, seconds);
    for (const chunk of chunks) {
      input.write(chunk);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const result = await reading;
    expect(input.destroyed).toBe(true);
    return result;
  };

  test('may come in pieces, also of one character, and need not end', async () => {
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    expect(await read(5, 'C', first, second, '1', '\n')).toEqual({ ok: true, customer: 'Cé1' });
  });

  test('with a second line after the first is none', async () => {
    expect(await read(5, 'C1\n', 'C2\n')).toMatchObject({ ok: false, why: expect.stringContaining('more than one') });
  });

  test('that ends without a line is none', async () => {
    const input = new PassThrough();
    const reading = readCustomer(input, 5);
    input.end();
    expect(await reading).toMatchObject({ ok: false, why: expect.stringContaining('empty') });
  });

  test('that says nothing is not waited for longer than told', async () => {
    expect(await read(0.2)).toEqual({ ok: false, why: 'no line came within 0.2 s' });
    expect(await read(0.2, 'C1')).toEqual({ ok: false, why: 'no line came within 0.2 s' });
  });

  test('without an end is not read for ever', async () => {
    expect(await read(5, 'x'.repeat(LONGEST_BYTES), 'xxx')).toMatchObject({ ok: false });
  });

  test('that breaks is none', async () => {
    const input = new PassThrough();
    const reading = readCustomer(input, 5);
    input.destroy(new Error('C12345'));
    expect(await reading).toEqual({ ok: false, why: 'the input cannot be read' });
  });
});
