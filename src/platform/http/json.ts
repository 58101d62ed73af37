import { QuarterdeckError } from '../../contracts';

/** Deeper nesting than any schema of ours has; refused before the parser recurses. */
const maximumDepth = 32;

/**
 * Parses JSON from outside.
 * @throws INPUT_INVALID for bytes that are not UTF-8, text that is not JSON, nesting too deep, or a `__proto__` key.
 */
export function parseJson(bytes: Uint8Array): unknown {
  return parseText(boundedText(bytes), refusePrototypeKeys);
}

/**
 * Parses JSON of which nearly all are numbers, without a look at every key: what it returns must go through a schema
 * before anything reads a property that the schema does not name.
 * @throws INPUT_INVALID for bytes that are not UTF-8, text that is not JSON, or nesting too deep.
 */
export function parseTensorJson(bytes: Uint8Array): unknown {
  return parseText(boundedText(bytes));
}

function boundedText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new QuarterdeckError('INPUT_INVALID', 'the body is not valid UTF-8', { cause: error });
  }
  refuseDeepNesting(text);
  return text;
}

function parseText(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver) as unknown;
  } catch (error) {
    if (error instanceof QuarterdeckError) throw error;
    throw new QuarterdeckError('INPUT_INVALID', 'the body is not valid JSON', { cause: error });
  }
}

function refusePrototypeKeys(key: string, value: unknown): unknown {
  if (key === '__proto__') {
    throw new QuarterdeckError('INPUT_INVALID', 'the key __proto__ is not allowed', {
      culprit: { field: key },
    });
  }
  return value;
}

function refuseDeepNesting(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c /* \ */) index++;
      else if (character === 0x22 /* " */) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x7b /* { */ || character === 0x5b /* [ */) {
      if (++depth > maximumDepth) {
        throw new QuarterdeckError('INPUT_INVALID', `the JSON is nested deeper than ${maximumDepth} levels`);
      }
    } else if (character === 0x7d /* } */ || character === 0x5d /* ] */) depth--;
  }
}
