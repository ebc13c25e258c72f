// Lists of the whole cluster: who may not see them can still deploy, who has no connection can not.
import { UserError } from '../cli.ts';
import { Forbidden, getJson, type List, reasonOf } from '../cluster/kubectl.ts';
import { type Finding, warning } from './finding.ts';

/** What could be listed, or a finding that says why it could not, and what is not checked for that. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as of getJson: what the caller asked for
export const listed = async <Item>(
  what: string,
  args: readonly string[],
  unchecked: string,
): Promise<{ readonly items: readonly Item[] } | { readonly missing: Finding }> => {
  try {
    return await getJson<List<Item>>(args);
  } catch (error) {
    if (error instanceof Forbidden)
      return { missing: warning(`${what} may not be listed by this user: ${unchecked} not checked`) };
    if (!(error instanceof UserError)) throw error;
    return {
      missing: {
        level: 'error',
        message: `${what} could not be listed, so ${unchecked} not checked: ${reasonOf(error)}`,
      },
    };
  }
};
