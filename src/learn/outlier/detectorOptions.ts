import { QuarterdeckError } from '../../contracts';

/** The defaults with what is set in `options` over them. @throws PARAMETER_INVALID for an option that is not known. */
export function withDefaults<Options extends object>(defaults: Options, options: Partial<Options>): Options {
  for (const option of Object.keys(options)) {
    if (Object.hasOwn(defaults, option)) continue;
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `there is no option ${option}; there are ${Object.keys(defaults).join(', ')}`,
      { culprit: { option } },
    );
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(given) as Partial<Options>) };
}

/** @throws PARAMETER_INVALID unless `holds`. `expected` completes "trees is 0, expected …". */
export function requireOption(
  option: string,
  value: string | number | boolean,
  holds: boolean,
  expected: string,
): void {
  if (holds) return;
  throw new QuarterdeckError('PARAMETER_INVALID', `${option} is ${value}, expected ${expected}`, {
    culprit: { option },
  });
}

/** @throws PARAMETER_INVALID unless `value` is a whole number from `least` to `most`. */
export function requireWhole(option: string, value: number, least: number, most = 2 ** 31 - 1): void {
  const holds = Number.isInteger(value) && value >= least && value <= most;
  requireOption(option, value, holds, `a whole number from ${least} to ${most}`);
}

/** @throws PARAMETER_INVALID unless `value` is a number strictly between the two. */
export function requireBetween(option: string, value: number, above: number, below: number): void {
  requireOption(option, value, value > above && value < below, `a number between ${above} and ${below}`);
}
