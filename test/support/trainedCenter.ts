import { trainQuarter } from '../../src/incidents/train/trainQuarter';
import type { Platform } from '../../src/platform/platform';
import { storePreprocessed, syntheticTickets, wordEmbedder, type TicketOrder } from './syntheticTickets';

export const embeddingService = wordEmbedder();
export const techCenter = 'Service Desk';

/** Three themes, an hour between tickets, from the start of 2026q3. */
export const q3Tickets: TicketOrder = {
  techCenter,
  themes: ['vpn', 'printer', 'payroll'],
  perTheme: 50,
  from: '2026-07-01T00:00:00Z',
};

/** A tech centre with a quarter of tickets and a current version `2026/q3/r1`. */
export async function trainCenterOn(platform: Platform, order: TicketOrder = q3Tickets): Promise<void> {
  await storePreprocessed(platform, syntheticTickets(order), embeddingService);
  const report = await trainQuarter(
    platform,
    { year: 2026, quarter: 'q3', maxWorkers: 1, promote: true, techCenters: [order.techCenter] },
    { signal: AbortSignal.timeout(120_000) },
  );
  const [center] = report.centers;
  if (center?.promotion !== 'current') throw new Error(`not trained: ${JSON.stringify(center)}`);
}
