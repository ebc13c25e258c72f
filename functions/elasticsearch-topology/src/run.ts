import { BadInput, type ResourceList } from './resource-list/list.ts';
import { withResourceList } from './resource-list/read.ts';
import { line, type Result, result, resultData } from './resource-list/results.ts';
import { plan } from './topology/plan.ts';
import { CannotSplice } from './yaml/splice.ts';

export interface Output {
  readonly code: 0 | 1;
  /** The whole list, in pieces; nothing where the input could not be read as one. */
  readonly stdout: readonly Uint8Array[];
  readonly stderr: readonly string[];
}

/** The whole function, from the bytes of a list to the bytes of a list. */
export function run(input: Buffer): Output {
  try {
    return withResourceList(input, transform);
  } catch (error) {
    if (error instanceof BadInput) return { code: 1, stdout: [], stderr: [`error: ${error.message}`] };
    throw error;
  }
}

function transform(list: ResourceList): Output {
  const { edits, results } = plan(list, list.functionConfig);
  try {
    const failed = results.some(({ severity }) => severity === 'error');
    return output(failed ? 1 : 0, list.write(failed ? [] : edits, results.map(resultData)), results);
  } catch (error) {
    if (!(error instanceof CannotSplice)) throw error;
    const { path, value } = error.edit;
    const edit = edits.find((planned) => planned === error.edit);
    const object = edit && list.object(edit.item);
    const text = 'must be edited here, which a YAML anchor, alias or tag in the way prevents: write the value out';
    const failure = [result({ severity: 'error', object, path, text, proposed: value })];
    return output(1, list.write([], failure.map(resultData)), failure);
  }
}

const output = (code: 0 | 1, stdout: readonly Uint8Array[], results: readonly Result[]): Output => ({
  code,
  stdout,
  stderr: results.filter(({ severity }) => severity !== 'info').map(line),
});
