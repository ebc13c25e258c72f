// kubectl's difference without what nobody means by one: the API server writes the annotation of client-side apply in
// another style than kubectl does. A hunk that changes nothing but that annotation, and the generation that the API
// server then counts up, is left out, and a file without any other too.

const annotation = /^[-+] +(?:kubectl\.kubernetes\.io\/last-applied-configuration: )?['"]?\{\\?"apiVersion\\?":.*\}/;

const generation = /^[-+] {2}generation: \d+$/;

const changes = (hunk: string): string[] =>
  hunk
    .split('\n')
    .slice(1)
    .filter((line) => /^[-+]/.test(line));
const isMeant = (hunk: string): boolean =>
  changes(hunk).some((line) => !annotation.test(line) && !generation.test(line));

export const withoutLastApplied = (difference: string): string =>
  difference
    .split(/^(?=diff )/m)
    .flatMap((file) => {
      const [head = '', ...hunks] = file.split(/^(?=@@ )/m);
      const kept = hunks.filter(isMeant);
      // What is no hunk, such as a file's own removal, is not understood here, and stays.
      return hunks.length > 0 && kept.length === 0 ? [] : [head, ...kept];
    })
    .join('');
