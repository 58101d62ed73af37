/** Inline constraints of ASP.NET routing (Microsoft.AspNetCore.Routing.Constraints): does a value fit? */
export type Constraint = (value: string) => boolean;

const integer = /^[+-]?\d+$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;
const floating = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|infinity|nan)$/i;
const guid = /^(?:[0-9a-f]{32}|(\{|\()?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(\}|\))?)$/i;
const int32 = { minimum: -(2n ** 31n), maximum: 2n ** 31n - 1n };
const int64 = { minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n };

const whole =
  ({ minimum, maximum }: { minimum: bigint; maximum: bigint }): Constraint =>
  (value) => {
    if (!integer.test(value) || value.length > 20) return false;
    const number = BigInt(value.replace('+', ''));
    return number >= minimum && number <= maximum;
  };

const plain: Readonly<Record<string, Constraint>> = {
  int: whole(int32),
  long: whole(int64),
  bool: (value) => /^(?:true|false)$/i.test(value),
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  decimal: (value) => decimal.test(value),
  double: (value) => floating.test(value),
  float: (value) => floating.test(value),
  guid: (value) => guid.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  required: (value) => value !== '',
  file: (value) => /\.[^./]+$/.test(value),
  nonfile: (value) => !/\.[^./]+$/.test(value),
};

const bounded: Readonly<Record<string, (value: string, bounds: readonly bigint[]) => boolean>> = {
  minlength: (value, [minimum]) => BigInt(value.length) >= minimum!,
  maxlength: (value, [maximum]) => BigInt(value.length) <= maximum!,
  length: (value, [minimum, maximum]) =>
    BigInt(value.length) >= minimum! && BigInt(value.length) <= (maximum ?? minimum!),
  min: (value, [minimum]) => whole({ minimum: minimum!, maximum: int64.maximum })(value),
  max: (value, [maximum]) => whole({ minimum: int64.minimum, maximum: maximum! })(value),
  range: (value, [minimum, maximum]) => whole({ minimum: minimum!, maximum: maximum! })(value),
};
const boundsNeeded: Readonly<Record<string, readonly number[]>> = {
  minlength: [1],
  maxlength: [1],
  length: [1, 2],
  min: [1],
  max: [1],
  range: [2],
};

/** Reads `int`, `length(2,5)`, `regex(^a)`; undefined when ASP.NET has no such constraint. */
export function parseConstraint(text: string): Constraint | undefined {
  const match = /^([a-z]+)(?:\((.*)\))?$/is.exec(text);
  if (!match) return undefined;
  const name = match[1]!.toLowerCase();
  const argument = match[2];
  if (argument === undefined) return Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (name === 'regex') return regexConstraint(argument);
  const check = Object.hasOwn(bounded, name) ? bounded[name] : undefined;
  const parts = argument.split(',').map((part) => part.trim());
  if (!check || !boundsNeeded[name]!.includes(parts.length) || !parts.every((part) => integer.test(part))) {
    return undefined;
  }
  const bounds = parts.map((part) => BigInt(part));
  return (value) => check(value, bounds);
}

function regexConstraint(pattern: string): Constraint | undefined {
  try {
    const expression = new RegExp(pattern, 'i');
    return (value) => expression.test(value);
  } catch {
    return undefined;
  }
}
