import {
  previousQuarter,
  QuarterdeckError,
  quarterBounds,
  quarterName,
  quarterOf,
  shiftTimestamp,
  toTimestamp,
  type Quarter,
} from '../../src/contracts';
import { recordDemo, ticketsHeld } from '../../src/incidents/demo/demoRun';
import { importIncidents } from '../../src/incidents/import/importIncidents';
import { demoDefaults, generateTickets } from '../../src/incidents/demo/generateTickets';
import { incidentFileOptions, sayReport, type IncidentOptions } from '../commands/importIncidents';
import type { Session } from '../session';

export interface DataOptions extends IncidentOptions {
  readonly incidents?: string;
  /** Demo: tickets a tech centre and quarter. */
  readonly tickets?: number;
}

const demoSeed = 2026;
const batchRows = 2_000;
const dayMs = 86_400_000;
/** A quarter younger than this has too few tickets to be the demo's last. */
const youngestQuarterMs = 30 * dayMs;
/** Identities need a history; older quarters than these are not trained. */
const quartersTrained = 4;

/**
 * Where the tickets come from: the user's file, the demo, or what is there already. The demo's tickets never come to
 * somebody's own, nor those to the demo's: they would share centres, numbers and an embedder for good.
 * @throws INPUT_INVALID for a file into a folder that holds the demo
 */
export async function chooseSource(
  { platform, signal }: Session,
  { incidents }: DataOptions,
): Promise<'file' | 'demo' | 'stored'> {
  const held = await ticketsHeld(platform, signal);
  if (incidents === undefined) return held === 'own' ? 'stored' : 'demo';
  if (held !== 'demo') return 'file';
  const folder = platform.settings.QUARTERDECK_DATA_DIR;
  throw new QuarterdeckError(
    'INPUT_INVALID',
    `${folder} holds the demo, with which your tickets would mix; name another folder with --data-dir`,
    { culprit: { option: 'data-dir', folder } },
  );
}

/** Puts the user's tickets or the demo into the warehouse; returns the quarters to train, oldest first. */
export async function fillWarehouse(
  session: Session,
  options: DataOptions,
  source: Awaited<ReturnType<typeof chooseSource>>,
): Promise<Quarter[]> {
  if (source === 'demo') await fillDemo(session, options.tickets ?? demoDefaults.perQuarter);
  else if (options.incidents !== undefined) await importFile(session, options.incidents, options);
  else session.output.say('Going on with the tickets that are here already; the demo is not added to them.');
  return quartersWithTickets(session);
}

async function importFile(session: Session, file: string, options: DataOptions): Promise<void> {
  const { platform, output, signal } = session;
  output.say(`Importing ${file} …`);
  const bar = output.progress('import');
  try {
    const { run, report, setAside } = await importIncidents(platform, file, incidentFileOptions(options), {
      signal,
      onProgress: ({ done, total }) => bar.update(done, total),
    });
    bar.stop();
    sayReport(report, run.counts, setAside, output);
  } finally {
    bar.stop();
  }
}

async function fillDemo({ platform, output, signal }: Session, perQuarter: number): Promise<void> {
  const now = toTimestamp(platform.clock.now());
  const { incidents } = generateTickets({
    seed: demoSeed,
    endingQuarter: quarterOf(shiftTimestamp(now, -youngestQuarterMs)),
    until: now,
    perQuarter,
  });
  output.say(
    `Filling the demo: ${incidents.length} generated tickets of ${demoDefaults.centers} tech centres …`,
  );
  const bar = output.progress('demo');
  const store = async (): Promise<number> => {
    for (let start = 0; start < incidents.length; start += batchRows) {
      await platform.warehouse.mergeIncidents(incidents.slice(start, start + batchRows), signal);
      bar.update(Math.min(start + batchRows, incidents.length), incidents.length);
    }
    return incidents.length;
  };
  try {
    await recordDemo(platform, store, signal);
  } finally {
    bar.stop();
  }
}

/** The newest quarters that have tickets, oldest first. */
async function quartersWithTickets({ platform, output, signal }: Session): Promise<Quarter[]> {
  const [oldest] = await platform.warehouse.incidentsBetween({ limit: 1 }, signal);
  const centers = await platform.warehouse.techCenters(signal);
  const newest = centers
    .map(({ lastCreatedOn }) => lastCreatedOn)
    .sort()
    .at(-1);
  if (!oldest || newest === undefined) return [];
  const first = quarterName(quarterOf(oldest.sysCreatedOn));
  const quarters: Quarter[] = [];
  for (let quarter = quarterOf(newest); ; quarter = previousQuarter(quarter)) {
    const { from, to } = quarterBounds(quarter);
    const [some] = await platform.warehouse.incidentsBetween({ from, to, limit: 1 }, signal);
    if (some) quarters.unshift(quarter);
    if (quarterName(quarter) === first) return quarters;
    if (quarters.length === quartersTrained) {
      output.say(`Tickets older than ${quarterName(quarter)} are predicted but not trained on.`);
      return quarters;
    }
  }
}
