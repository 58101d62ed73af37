import type { LogFunction } from '../../contracts';
import type { Plan } from './plan';

/** What one instance logged in one minute. */
export interface MinuteLogs {
  /** Records of level error or fatal. */
  readonly errors: number;
  readonly warnings: number;
  /** Templates that no instance had ever logged before. */
  readonly newTemplates: number;
  /** Records by template id; their sum is the number of records. */
  readonly templates: Readonly<Record<string, number>>;
}

/** The last minutes of one instance's logs. A minute without records is a minute of zeros, never a missing one. */
export class RecentLogs {
  private readonly minutes: (MinuteLogs | undefined)[];

  constructor(private readonly capacity: number) {
    this.minutes = Array.from({ length: capacity }, () => undefined);
  }

  set(minute: number, logs: MinuteLogs | undefined): void {
    this.minutes[this.slot(minute)] = logs;
  }

  get(minute: number): MinuteLogs | undefined {
    return this.minutes[this.slot(minute)];
  }

  clear(): void {
    this.minutes.fill(undefined);
  }

  /** Writes every log feature of `minute`. */
  write(features: Plan['logs'], minute: number, target: Float32Array, offset: number): void {
    for (const feature of features) target[offset + feature.column] = this.valueOf(feature, minute);
  }

  private valueOf({ function: feature, minutes, template }: Plan['logs'][number], minute: number): number {
    if (feature === 'template_entropy') return this.entropy(minutes, minute);
    const count = counts[feature];
    let sum = 0;
    for (let age = 0; age < minutes; age++) {
      const logs = this.get(minute - age);
      if (logs) sum += count(logs, template);
    }
    return sum;
  }

  /** Missing, not 0, without a single record: silence is not the same as one template repeated. */
  private entropy(minutes: number, minute: number): number {
    const counts = new Map<string, number>();
    let total = 0;
    for (let age = 0; age < minutes; age++) {
      const logs = this.get(minute - age);
      if (!logs) continue;
      for (const [template, count] of Object.entries(logs.templates)) {
        counts.set(template, (counts.get(template) ?? 0) + count);
        total += count;
      }
    }
    if (total === 0) return Number.NaN;
    let entropy = 0;
    for (const count of counts.values()) {
      if (count > 0) entropy -= (count / total) * Math.log2(count / total);
    }
    // −0 for a single template.
    return entropy + 0;
  }

  private slot(minute: number): number {
    const slot = minute % this.capacity;
    return slot < 0 ? slot + this.capacity : slot;
  }
}

const counts: Readonly<
  Record<Exclude<LogFunction, 'template_entropy'>, (logs: MinuteLogs, template: string) => number>
> = {
  log_count({ templates }) {
    let records = 0;
    for (const template in templates) records += templates[template]!;
    return records;
  },
  error_count: ({ errors }) => errors,
  warning_count: ({ warnings }) => warnings,
  new_templates: ({ newTemplates }) => newTemplates,
  template_count: ({ templates }, template) => templates[template] ?? 0,
};
