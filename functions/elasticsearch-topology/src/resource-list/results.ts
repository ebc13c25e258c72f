import type { Path } from '../yaml/edit.ts';
import { isMap, type Json, type JsonMap } from '../yaml/json.ts';

/** A finding, in the form of the KRM functions specification. */
export interface Result {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly resourceRef?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  };
  readonly field?: { readonly path: string; readonly currentValue?: Json; readonly proposedValue?: Json };
  readonly file?: { readonly path: string; readonly index?: number };
}

export interface Finding {
  readonly severity: Result['severity'];
  readonly object?: unknown;
  readonly path?: Path;
  /** What the field must be, or what was done to it; the path is put in front. */
  readonly text: string;
  /** What was found there; an error quotes it behind its text. */
  readonly found?: unknown;
  readonly proposed?: Json | undefined;
}

export function result(finding: Finding): Result {
  const { severity, object, path, text, found, proposed } = finding;
  const field = path && pathText(path);
  const quoted = severity === 'error' && 'found' in finding ? `, found ${quote(found)}` : '';
  return {
    severity,
    message: `${field === undefined ? '' : `\`${field}\` `}${text}${quoted}`,
    ...refOf(object),
    ...(field === undefined ? {} : { field: { path: field, ...values(found, proposed) } }),
    ...fileOf(object),
  };
}

/** One line for people who read standard error. */
export function line({ severity, message, resourceRef, file }: Result): string {
  const name = resourceRef && [resourceRef.namespace, resourceRef.name].filter((part) => part !== undefined).join('/');
  const where = [resourceRef && `${resourceRef.kind} ${name}`, file?.path].filter((part) => part !== undefined);
  return `${severity}: ${message}${where.length === 0 ? '' : ` (${where.join(', ')})`}`.replace(/[\r\n]+/g, ' ');
}

/** `spec.template.spec.containers[0].name`; a step with a dot in it stands in brackets and quotes. */
export const pathText = (path: Path): string =>
  path
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return i === 0 ? step : `.${step}`;
    })
    .join('');

export function quote(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Values that fit on a line; longer ones are in the list itself. */
function values(found: unknown, proposed: Json | undefined): { currentValue?: Json; proposedValue?: Json } {
  return {
    ...(isShort(found) ? { currentValue: found } : {}),
    ...(isShort(proposed) ? { proposedValue: proposed } : {}),
  };
}

const isShort = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' ? !value.includes('\n') : typeof value === 'number' || typeof value === 'boolean';

function refOf(object: unknown): Pick<Result, 'resourceRef'> {
  if (!isMap(object)) return {};
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = isMap(metadata) ? metadata : {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return {};
  return { resourceRef: { apiVersion, kind, name, ...(typeof namespace === 'string' ? { namespace } : {}) } };
}

/** The file that the resource came from, as kpt and kustomize note it in annotations. */
function fileOf(object: unknown): Pick<Result, 'file'> {
  const annotations =
    isMap(object) && isMap(object.metadata) && isMap(object.metadata.annotations) ? object.metadata.annotations : {};
  const read = (name: string): unknown =>
    annotations[`internal.config.kubernetes.io/${name}`] ?? annotations[`config.kubernetes.io/${name}`];
  const path = read('path');
  const index = Number(read('index'));
  if (typeof path !== 'string') return {};
  return { file: { path, ...(Number.isInteger(index) ? { index } : {}) } };
}

/** The result as plain data. */
export const resultData = (given: Result): JsonMap => JSON.parse(JSON.stringify(given)) as JsonMap;
