import type { Platform } from '../../platform/platform';
import { redactSecrets } from '../../platform/redaction';
import type { TrainingData } from './trainingData';

/** A line on a screen; the ticket itself is a click away. */
const longestTitle = 160;
/** Numbers per question to the warehouse. */
const numbersAtOnce = 1_000;

/**
 * Titles of some training rows as their tickets have them, without secrets and personal identifiers, because they
 * are stored beside the model; the beginning of the summary where the ticket is gone.
 */
export async function ticketTitles(
  platform: Platform,
  data: TrainingData,
  rows: Iterable<number>,
  signal: AbortSignal,
): Promise<(row: number) => { number: string; title: string }> {
  const numbers = [...new Set(rows)].map((row) => data.numbers[row]!);
  const titles = new Map<string, string>();
  for (let start = 0; start < numbers.length; start += numbersAtOnce) {
    const page = numbers.slice(start, start + numbersAtOnce);
    for (const incident of await platform.warehouse.incidents(page, signal)) {
      titles.set(incident.number, incident.shortDescription);
    }
  }
  return (row) => {
    const number = data.numbers[row]!;
    const title = titles.get(number)?.trim() || data.texts[row]!;
    return { number, title: redactSecrets(title).slice(0, longestTitle) };
  };
}
