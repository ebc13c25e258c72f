import { describe, expect, test } from '@jest/globals';
import {
  line,
  pathText,
  quote,
  result,
  resultData,
} from '../../../../functions/elasticsearch-topology/src/resource-list/results.ts';

describe('A result', () => {
  test('names the resource, the field, the file, and what was found', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'a',
        namespace: 'n',
        annotations: { 'internal.config.kubernetes.io/path': 'x.yaml', 'internal.config.kubernetes.io/index': '0' },
      },
    };
    const made = result({
      severity: 'error',
      object,
      path: ['data', 'b.c', 0],
      text: 'must be 1',
      found: 2,
      proposed: 1,
    });
    expect(made).toEqual({
      severity: 'error',
      message: '`data["b.c"][0]` must be 1, found 2',
      resourceRef: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'n' },
      field: { path: 'data["b.c"][0]', currentValue: 2, proposedValue: 1 },
      file: { path: 'x.yaml', index: 0 },
    });
    expect(line(made)).toBe('error: `data["b.c"][0]` must be 1, found 2 (ConfigMap n/a, x.yaml)');
    expect(resultData(made)).toEqual(made);
  });

  test('leaves out what is not known', () => {
    expect(result({ severity: 'info', text: 'done' })).toEqual({ severity: 'info', message: 'done' });
    expect(result({ severity: 'warning', object: { kind: 'X' }, path: ['a'], text: 'odd' })).toEqual({
      severity: 'warning',
      message: '`a` odd',
      field: { path: 'a' },
    });
    expect(
      result({
        severity: 'info',
        object: { apiVersion: 'v1', kind: 'X', metadata: { name: 'a', annotations: 5 } },
        text: 'x',
      }),
    ).toEqual({
      severity: 'info',
      message: 'x',
      resourceRef: { apiVersion: 'v1', kind: 'X', name: 'a' },
    });
  });

  test('is one line on standard error, whatever it quotes', () => {
    expect(line({ severity: 'error', message: 'a\nb\r\nc' })).toBe('error: a b c');
    expect(line({ severity: 'error', message: 'a', file: { path: 'x' } })).toBe('error: a (x)');
  });

  test('quotes values shortly', () => {
    expect(quote('a"b')).toBe('"a\\"b"');
    expect(quote(undefined)).toBe('nothing');
    expect(quote(null)).toBe('nothing');
    expect(quote('x'.repeat(200))).toHaveLength(80);
    expect(quote(Symbol('s'))).toBe('Symbol(s)');
  });

  test('writes paths as people do', () => {
    expect(pathText(['spec', 'a-b', 3, 'c', 'x/y'])).toBe('spec.a-b[3].c["x/y"]');
    expect(pathText([])).toBe('');
  });
});
