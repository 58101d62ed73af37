/**
 * NCRONTAB, the cron dialect of Azure timers (github.com/atifaziz/NCrontab, with seconds): six fields, `*`,
 * values, ranges, lists and steps; names for months and days. It has no `L`, `W`, `#`, `?` or `@daily`, and
 * Sunday is 0 only.
 */
interface Field {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Names stand for values from `minimum` on. */
  readonly names?: readonly string[];
}

const months = 'january february march april may june july august september october november december';
const days = 'sunday monday tuesday wednesday thursday friday saturday';

const fields: readonly Field[] = [
  { name: 'second', minimum: 0, maximum: 59 },
  { name: 'minute', minimum: 0, maximum: 59 },
  { name: 'hour', minimum: 0, maximum: 23 },
  { name: 'day', minimum: 1, maximum: 31 },
  { name: 'month', minimum: 1, maximum: 12, names: months.split(' ') },
  { name: 'day of week', minimum: 0, maximum: 6, names: days.split(' ') },
];

class Unreadable extends Error {}

/** The same schedule with every field spelled in numbers, for a cron library; or what is wrong with it. */
export function toCronPattern(text: string): { cron: string } | { problem: string } {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== fields.length) {
    return { problem: `has ${parts.length} fields, where NCRONTAB has ${fields.length} (seconds first)` };
  }
  try {
    return { cron: fields.map((field, index) => readField(parts[index]!, field)).join(' ') };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}

function readField(text: string, field: Field): string {
  if (text === '*') return '*';
  const values = new Set<number>();
  for (const item of text.split(',')) for (const value of readItem(item, field)) values.add(value);
  return [...values].toSorted((a, b) => a - b).join(',');
}

function readItem(item: string, field: Field): number[] {
  const [range = '', stepText, ...more] = item.split('/');
  if (more.length > 0) throw new Unreadable(`has two steps in its ${field.name}: "${item}"`);
  const step = stepText === undefined ? undefined : readStep(stepText, field);
  let first: number;
  let last: number;
  if (range === '*') {
    first = field.minimum;
    last = field.maximum;
  } else {
    const [from = '', to, ...rest] = range.split('-');
    if (rest.length > 0) throw new Unreadable(`has no range it can read in its ${field.name}: "${item}"`);
    first = readValue(from, field);
    // A value with a step counts on from there to the end of the field.
    last = to === undefined ? (step === undefined ? first : field.maximum) : readValue(to, field);
  }
  if (first > last) throw new Unreadable(`has a range that runs backwards in its ${field.name}: "${item}"`);
  const values: number[] = [];
  for (let value = first; value <= last; value += step ?? 1) values.push(value);
  return values;
}

function readStep(text: string, field: Field): number {
  const step = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (step < 1) throw new Unreadable(`has no step it can read in its ${field.name}: "/${text}"`);
  return step;
}

function readValue(text: string, field: Field): number {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : readName(text, field);
  if (value !== undefined && value >= field.minimum && value <= field.maximum) return value;
  throw new Unreadable(
    `has "${text}" in its ${field.name}, which goes from ${field.minimum} to ${field.maximum} in NCRONTAB`,
  );
}

function readName(text: string, { names, minimum }: Field): number | undefined {
  if (!names || !/^[a-z]{3,9}$/i.test(text)) return undefined;
  const index = names.findIndex((name) => name.startsWith(text.toLowerCase()));
  return index < 0 ? undefined : index + minimum;
}
