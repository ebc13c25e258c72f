// Writes data as YAML in every style that the choices ask for, and remembers where each value came to stand.
import { type Choose, pick, sometimes } from './tape.ts';

/** A scalar that stands as it is, such as 0644 or 1:30; or a block scalar, from its indicator on. */
export class Raw {
  constructor(readonly text: string) {}
}

export type Model = null | boolean | number | string | Raw | readonly Model[] | { readonly [key: string]: Model };

/** Where a pair or a list's item begins (key or dash), where its value begins, and where it ends. */
export interface Place {
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

export interface Written {
  readonly text: string;
  readonly places: ReadonlyMap<string, Place>;
}

export interface Looks {
  readonly eol: '\n' | '\r\n';
  readonly comments: boolean;
  readonly anchors: boolean;
  /** Only flow style, as JSON or not. */
  readonly flow: 'never' | 'sometimes' | 'always' | 'json';
}

const pathKey = (path: readonly (string | number)[]): string => JSON.stringify(path);

export class Writer {
  private text = '';
  private readonly places = new Map<string, Place>();
  private anchors = 0;
  private comments = 0;
  /** Behind a block scalar a comment would be one more line of it. */
  private afterBlock = false;

  constructor(
    private readonly choose: Choose,
    private readonly looks: Looks,
  ) {}

  written(): Written {
    return { text: this.text, places: this.places };
  }

  put(text: string): this {
    this.text += text;
    return this;
  }

  /** Ends the line, perhaps behind a comment. */
  line(): this {
    const comment = this.afterBlock ? '' : this.comment(' ');
    return this.put(comment + this.looks.eol);
  }

  private comment(before: string): string {
    return this.looks.comments && sometimes(this.choose, 6) ? `${before}# note ${++this.comments}: - kind: {x` : '';
  }

  private loose(column: number): void {
    if (!this.looks.comments || !sometimes(this.choose, 8)) return;
    this.put(pick(this.choose, ['', ' '.repeat(column) + `# note ${++this.comments}`]) + this.looks.eol);
  }

  private place(path: readonly (string | number)[], start: number, value: number): void {
    this.places.set(pathKey(path), { start, value, end: this.text.length });
  }

  /** The pairs of a map in block style; the first one stands where the writer is. */
  map(map: { readonly [key: string]: Model }, column: number, path: readonly (string | number)[], first = true): this {
    let here = first;
    for (const [key, value] of Object.entries(map)) {
      if (!here) {
        this.loose(column);
        this.put(' '.repeat(column));
      }
      here = false;
      const start = this.text.length;
      this.afterBlock = false;
      this.put(this.key(key)).put(':');
      const colon = this.text.length;
      this.behind(value, column, [...path, key], false);
      this.place([...path, key], start, colon);
      this.line();
    }
    this.text = this.text.slice(0, this.text.length - this.looks.eol.length);
    return this;
  }

  /** The items of a list in block style; the first dash stands where the writer is. */
  list(list: readonly Model[], column: number, path: readonly (string | number)[]): this {
    list.forEach((item, i) => {
      if (i > 0) {
        this.loose(column);
        this.put(' '.repeat(column));
      }
      const start = this.text.length;
      this.afterBlock = false;
      this.put('-');
      const dash = this.text.length;
      this.behind(item, column, [...path, i], true);
      this.place([...path, i], start, dash);
      this.line();
    });
    this.text = this.text.slice(0, this.text.length - this.looks.eol.length);
    return this;
  }

  /** A value behind a colon or a dash of the column. */
  private behind(value: Model, column: number, path: readonly (string | number)[], dash: boolean): void {
    if (this.looks.anchors && sometimes(this.choose, 12)) this.put(` &a${++this.anchors}`);
    else if (dash && isMap(value) && Object.keys(value).length > 0 && !this.inFlow()) {
      const gap = pick(this.choose, [1, 1, 1, 3]);
      this.put(' '.repeat(gap)).map(value, column + 1 + gap, path);
      return;
    }
    if (isMap(value) && Object.keys(value).length > 0 && !this.inFlow()) {
      const inner = column + pick(this.choose, [2, 2, 2, 4, 1]);
      this.line().put(' '.repeat(inner)).map(value, inner, path);
    } else if (isList(value) && value.length > 0 && !this.inFlow()) {
      const inner = column + (dash ? 2 : pick(this.choose, [0, 2, 0, 4]));
      this.line().put(' '.repeat(inner)).list(value, inner, path);
    } else if (value === null && sometimes(this.choose, 2)) {
      return;
    } else {
      this.put(' ').inline(value, path, column + 1, false);
    }
  }

  private inFlow(): boolean {
    const { flow } = this.looks;
    return flow === 'always' || flow === 'json' || (flow === 'sometimes' && sometimes(this.choose, 7));
  }

  /** A value in flow style, or a scalar. Lines that it goes on in stand at least at the column. */
  inline(value: Model, path: readonly (string | number)[], column: number, inFlow: boolean): this {
    if (isList(value)) {
      const entries = value.map((item, i) => () => {
        const start = this.text.length;
        this.inline(item, [...path, i], column + 1, true).place([...path, i], start, start);
      });
      return this.entries('[', entries, ']', column);
    }
    if (isMap(value)) {
      const entries = Object.entries(value).map(([key, item]) => () => {
        const start = this.text.length;
        this.put(this.key(key)).put(':');
        const colon = this.text.length;
        if (this.looks.flow !== 'json' || sometimes(this.choose, 2)) this.put(' ');
        this.inline(item, [...path, key], column + 1, true).place([...path, key], start, colon);
      });
      return this.entries('{', entries, '}', column);
    }
    const text = this.scalar(value, column, inFlow);
    this.afterBlock = /^[|>]/.test(text);
    return this.put(text);
  }

  private entries(open: string, entries: readonly (() => void)[], close: string, column: number): this {
    const long = entries.length > 1 && sometimes(this.choose, 4);
    const gap = (): string =>
      long ? this.looks.eol + ' '.repeat(column + this.choose(3)) : pick(this.choose, ['', ' ']);
    this.put(open);
    entries.forEach((entry, i) => {
      this.put(i === 0 ? gap() : `,${long ? gap() : ' '}`);
      entry();
    });
    if (entries.length > 0 && this.looks.flow !== 'json' && sometimes(this.choose, 9)) this.put(',');
    return this.put(entries.length > 0 ? gap() : '').put(close);
  }

  private key(key: string): string {
    if (this.looks.flow === 'json') return JSON.stringify(key);
    return pick(this.choose, [key, key, key, `"${key}"`, `'${key}'`]);
  }

  private scalar(value: null | boolean | number | string | Raw, column: number, inFlow: boolean): string {
    const { eol, flow } = this.looks;
    if (value instanceof Raw) {
      if (flow === 'json' || (inFlow && !/^[\w.+-]+$/.test(value.text))) return JSON.stringify(value.text);
      return value.text.replaceAll('\n', eol + ' '.repeat(column));
    }
    if (typeof value !== 'string')
      return value === null && flow !== 'json' ? pick(this.choose, ['null', '~']) : String(value);
    if (flow === 'json') return JSON.stringify(value);
    const lines = /^(?:[!-~][ -~]*\n)*[!-~][ -~]*\n$/.test(value) && !inFlow;
    const styles: [string, ...string[]] = [JSON.stringify(value)];
    if (/^[ -~]+$/.test(value)) styles.push(`'${value.replaceAll("'", "''")}'`);
    if (/^[A-Za-z][A-Za-z0-9./_-]*$/.test(value) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value))
      styles.push(value, value);
    if (lines) styles.push(this.block(value, column), this.block(value, column));
    return pick(this.choose, styles);
  }

  private block(value: string, column: number): string {
    const indent = ' '.repeat(column + this.choose(3));
    const header = `|${this.looks.comments && sometimes(this.choose, 5) ? ' # note' : ''}`;
    return [
      header,
      ...value
        .trimEnd()
        .split('\n')
        .map((line) => indent + line),
    ].join(this.looks.eol);
  }
}

const isList = (value: Model): value is readonly Model[] => Array.isArray(value);
const isMap = (value: Model): value is { readonly [key: string]: Model } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Raw);

export { pathKey };
