// A form with one file, as RFC 7578 has it: what Kibana's import reads.

import type { Body } from '../../lib/user.ts';

export interface FormFile {
  /** Of the field. */
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** The same file gives the same form. A boundary must not be in what it bounds. */
const boundaryFor = (text: string): string => {
  let boundary = 'delivery-reviews';
  for (let i = 0; text.includes(boundary); i += 1) boundary = `delivery-reviews-${i}`;
  return boundary;
};

/** As browsers write it: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
const quoted = (name: string): string =>
  `"${name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')}"`;

export const form = ({ field, name, type, text }: FormFile): Body => {
  const boundary = boundaryFor(text);
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name=${quoted(field)}; filename=${quoted(name)}`,
    `Content-Type: ${type}`,
  ];
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    text: `${head.join('\r\n')}\r\n\r\n${text}\r\n--${boundary}--\r\n`,
  };
};
