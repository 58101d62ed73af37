import { seededRandom, toTimestamp, type Embedder, type Incident } from '../../src/contracts';
import type { Platform } from '../../src/platform/platform';

/** Tickets of known themes, and an embedder for them that needs no training. */

export const themes = {
  vpn: ['vpn', 'tunnel', 'token', 'remote', 'gateway'],
  printer: ['printer', 'paper', 'toner', 'tray', 'jam'],
  payroll: ['payroll', 'salary', 'payslip', 'bonus', 'tax'],
  email: ['mailbox', 'outlook', 'calendar', 'attachment', 'inbox'],
  badge: ['badge', 'door', 'access', 'reader', 'building'],
} as const;
export type Theme = keyof typeof themes;

const fillers = 'please today again user office team screen morning need help report issue since week'.split(
  ' ',
);
const width = 96;

/**
 * Texts as sums of a random direction for each word (random indexing, Kanerva et al. 2000): the same words, the same
 * vector, whatever was embedded before.
 * @param seed another one is another embedding space
 */
export function wordEmbedder(model = 'words@1', seed = 1): Embedder {
  const directions = seededRandom(seed);
  const directionOf = new Map<string, Float64Array>();
  const direction = (word: string): Float64Array => {
    let vector = directionOf.get(word);
    if (!vector) {
      const random = directions.fork(word);
      vector = Float64Array.from({ length: width }, () => random.normal());
      directionOf.set(word, vector);
    }
    return vector;
  };
  return {
    model,
    width,
    embed: (texts) =>
      Promise.resolve(
        texts.map((text) => {
          const sum = new Float64Array(width);
          for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
            const weight = fillers.includes(word) ? 0.3 : 1;
            direction(word).forEach((value, column) => (sum[column]! += weight * value));
          }
          const length = Math.hypot(...sum);
          return Float32Array.from(sum, (value) => (length > 0 ? value / length : 0));
        }),
      ),
  };
}

export interface TicketOrder {
  readonly techCenter: string;
  readonly themes: readonly Theme[];
  readonly perTheme: number;
  /** First instant; one ticket an hour from there. */
  readonly from: string;
  readonly seed?: number;
  /** Number of the first ticket. */
  readonly first?: number;
}

export function syntheticTickets(order: TicketOrder): Incident[] {
  const random = seededRandom(order.seed ?? 7);
  const start = Date.parse(order.from);
  return Array.from({ length: order.themes.length * order.perTheme }, (_, index): Incident => {
    const words = themes[order.themes[index % order.themes.length]!];
    const extra = Array.from({ length: 4 }, () => fillers[random.integer(fillers.length)]!);
    return {
      number: `${order.techCenter.slice(0, 3).toUpperCase()}${String((order.first ?? 1) + index).padStart(6, '0')}`,
      shortDescription: [...words, extra[0]].join(' '),
      description: extra.join(' '),
      sysCreatedOn: toTimestamp(start + index * 3_600_000),
      techCenter: order.techCenter,
      priority: '3',
      assignmentGroup: null,
      state: null,
      resolvedAt: null,
      closeNotes: null,
    };
  });
}

/** Stores tickets as the preprocessing would: source rows, and their summaries with vectors. */
export async function storePreprocessed(
  platform: Platform,
  incidents: readonly Incident[],
  embedder: Embedder,
): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const summaries = incidents.map(
    ({ shortDescription, description }) => `${shortDescription}. ${description}`,
  );
  const vectors = await embedder.embed(summaries, { signal });
  await platform.warehouse.mergeIncidents(incidents, signal);
  await platform.warehouse.mergePreprocessed(
    incidents.map((incident, index) => ({
      number: incident.number,
      sysCreatedOn: incident.sysCreatedOn,
      combinedIncidentsSummary: summaries[index]!,
      embedding: vectors[index]!,
      embeddingModel: embedder.model,
      techCenter: incident.techCenter,
      processedAt: toTimestamp(platform.clock.now()),
    })),
    signal,
  );
}
