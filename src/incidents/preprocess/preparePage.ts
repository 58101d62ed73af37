import { isQuarterdeckError, toTimestamp, type Incident } from '../../contracts';
import type { LanguageSummarizer } from './languageSummary';
import type { Poisoned } from './quarantine';
import { cleanText } from './text/cleanText';
import { summarize } from './text/summarize';

/** A ticket with the text that stands for it. */
export interface Prepared {
  readonly incident: Incident;
  readonly summary: string;
}

/**
 * Characters of a ticket above which it is not read at all. Imports refuse cells of this size; a source of another
 * kind may still hold one, and cleaning its first part would hide that.
 */
const ticketCharacters = 2 * 1024 * 1024;

export interface PreparedPage {
  readonly prepared: readonly Prepared[];
  readonly poisoned: readonly Poisoned[];
}

/** Cleans, redacts and summarises a page of tickets; keeps their order. */
export async function preparePage(
  incidents: readonly Incident[],
  options: { readonly tokens: number; readonly summarizer: LanguageSummarizer | undefined },
  signal: AbortSignal,
): Promise<PreparedPage> {
  const poisoned: Poisoned[] = [];
  const texts: { incident: Incident; title: string; description: string }[] = [];
  for (const incident of incidents) {
    const problem = problemOf(incident);
    if (problem) {
      poisoned.push({ incident, ...problem });
    } else {
      const title = cleanText(incident.shortDescription);
      texts.push({ incident, title, description: cleanText(incident.description) });
    }
  }
  const summaries = options.summarizer
    ? await options.summarizer.summarize(texts, signal)
    : texts.map(({ title, description }) => summarize(title, description, { tokens: options.tokens }));
  const prepared: Prepared[] = [];
  texts.forEach(({ incident }, index) => {
    const summary = summaries[index]!;
    // Signs alone are no text: "???" or "...".
    if (/[\p{L}\p{N}]/u.test(summary)) prepared.push({ incident, summary });
    else poisoned.push({ incident, reason: 'TEXT_EMPTY', detail: 'no text is left after cleaning' });
  });
  return { prepared, poisoned };
}

function problemOf(incident: Incident): Pick<Poisoned, 'reason' | 'detail'> | undefined {
  const characters = incident.shortDescription.length + incident.description.length;
  if (characters > ticketCharacters) {
    return {
      reason: 'TEXT_TOO_LONG',
      detail: `${characters} characters, at most ${ticketCharacters} are read`,
    };
  }
  try {
    toTimestamp(incident.sysCreatedOn);
    return undefined;
  } catch (error) {
    if (!isQuarterdeckError(error, 'INPUT_INVALID')) throw error;
    return { reason: 'TIME_INVALID', detail: error.message };
  }
}
