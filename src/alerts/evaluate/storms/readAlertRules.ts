import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { QuarterdeckError, alertSeveritySchema } from '../../../contracts';
import type { AlertRule } from '../../demo';

/** The shape of awesome-prometheus-alerts, exported: one object for each rule. */
const ruleSchema = z.object({
  source: z.string().describe('technology/file'),
  alert: z.string().min(1),
  for: z.string(),
  severity: z.string(),
  description: z.string(),
});
const minutesOfUnit: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1440, w: 10_080 };

/** @throws NOT_FOUND, FILE_MALFORMED. */
export function readAlertRules(file: string): AlertRule[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new QuarterdeckError('NOT_FOUND', `${file} cannot be read`, {
      culprit: { option: 'rules' },
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new QuarterdeckError('FILE_MALFORMED', `${file} is no JSON`, {
      culprit: { option: 'rules' },
      cause: error,
    });
  }
  const parsed = z.array(ruleSchema).min(1).safeParse(value);
  if (!parsed.success) {
    throw new QuarterdeckError(
      'FILE_MALFORMED',
      `${file} is no list of alert rules: ${z.prettifyError(parsed.error)}`,
      {
        culprit: { option: 'rules' },
      },
    );
  }
  return parsed.data.map((rule) => {
    const severity = alertSeveritySchema.safeParse(rule.severity);
    const [, count, unit] = /^(\d+)([smhdw])$/.exec(rule.for) ?? [];
    return {
      name: rule.alert,
      severity: severity.success ? severity.data : 'unknown',
      // Below the first line stand templates for values and labels.
      description: rule.description.split('\n')[0]!,
      technology: rule.source.split('/')[0]!,
      holdMinutes: count === undefined ? 0 : Number(count) * minutesOfUnit[unit!]!,
    };
  });
}
