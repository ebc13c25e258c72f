import {
  constructFromEvents, CORE_SCHEMA, defineMappingTag, defineScalarTag, defineSequenceTag, mapTag, mergeTag, NOT_RESOLVED,
  parseEvents, seqTag, YAMLException, type Event,
} from 'js-yaml'

/** A text that is not YAML: what is wrong, and where. */
export class NotYaml extends Error {}

// Integers as Kubernetes' own reader (go-yaml) takes them: 010 is eight, 1_000 a thousand.
const goInteger = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: [...'+-0123456789'],
  resolve: (source) => {
    const match = /^([-+]?)(0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|0|[1-9][\d_]*)$/.exec(source)
    if (match === null) return NOT_RESOLVED
    const [, sign, digits = ''] = match
    const number = Number(digits.replace(/_/g, '').replace(/^0[oO]?(?=[0-7])/, '0o'))
    return sign === '-' ? -number : number
  },
  identify: Number.isInteger,
})

// A tag of somebody else's must not stop us from reading the rest: its value is taken as it stands.
const foreign = ['!', 'tag:'].flatMap((tagName) => [
  defineScalarTag(tagName, { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
  defineSequenceTag(tagName, { ...seqTag, matchByTagPrefix: true, identify: () => false }),
  defineMappingTag(tagName, { ...mapTag, matchByTagPrefix: true, identify: () => false }),
])

const schema = CORE_SCHEMA.withTags(mergeTag, goInteger, foreign)

export function readEvents(text: string): Event[] {
  return reading(() => parseEvents(text, {}))
}

/** The data of all documents of a text. */
export function construct(text: string, events: Event[]): unknown[] {
  return reading(() => constructFromEvents(events, { source: text, schema }))
}

export const readYaml = (text: string): unknown[] => construct(text, readEvents(text))

function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    const at = error.mark === undefined ? '' : ` at line ${error.mark.line + 1}, column ${error.mark.column + 1}`
    throw new NotYaml(`${error.reason}${at}`, { cause: error })
  }
}
