import { Command, InvalidArgumentError } from 'commander';
import { comparePreviews, latestMoment, previewGrouping, readServiceGraphFile } from '../../src/alerts';
import { QuarterdeckError, shiftTimestamp, type GroupPreview } from '../../src/contracts';
import type { Output } from '../output';
import { runSession, withSessionOptions, type Session, type SessionOptions } from '../session';
import { wholeNumber } from '../wholeNumber';
import { readAlertFile } from './alertFiles';
import { checkedFiles, withAlertFiles } from './alertFilesOption';

interface PreviewOptions extends SessionOptions {
  readonly alerts?: string;
  readonly graph?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly days: number;
  readonly window?: number;
  readonly minimumScore?: number;
}

const defaultDays = 7;
const longestDays = 30;
const longestWindowMinutes = 1_440;
const dayMs = 86_400_000;
const shownPieces = 10;

/** `alerts preview`: what changed settings would have done, before they are saved. */
export function alertsPreviewCommand(): Command {
  const command = new Command('preview').description(
    'group the alerts of the last days with the settings as they are and as they would be, and compare; nothing is stored',
  );
  return withSessionOptions(withAlertFiles(command))
    .option(
      '--days <number>',
      'days of alerts, up to the newest one',
      wholeNumber(1, longestDays),
      defaultDays,
    )
    .option('--window <minutes>', 'TIME_WINDOW_MINUTES to try', wholeNumber(1, longestWindowMinutes))
    .option('--minimum-score <points>', 'MIN_MATCH_SCORE to try', points)
    .action((options: PreviewOptions) => {
      const fromFiles = options.alerts !== undefined || options.graph !== undefined;
      return runSession({ ...options, withoutStorage: fromFiles }, async (session) => {
        const settings = {
          ...(options.window !== undefined && { TIME_WINDOW_MINUTES: options.window }),
          ...(options.minimumScore !== undefined && { MIN_MATCH_SCORE: options.minimumScore }),
        };
        if (Object.keys(settings).length === 0) throw nothingProposed();
        const preview = fromFiles
          ? await previewFiles(session, options, settings)
          : await previewGrouping(
              session.platform,
              { days: options.days, settings },
              { signal: session.signal },
            );
        sayPreview(session.output, preview);
      });
    });
}

async function previewFiles(
  { platform, output, signal }: Session,
  options: PreviewOptions,
  settings: Parameters<typeof comparePreviews>[2],
): Promise<GroupPreview> {
  const files = checkedFiles(options);
  const { graph } = await readServiceGraphFile(files.graph, signal);
  const { alerts } = await readAlertFile(platform, files, output, signal);
  const to = latestMoment(alerts);
  const from = shiftTimestamp(to, -options.days * dayMs);
  const input = { alerts: alerts.filter(({ startsAt }) => startsAt >= from), graph, now: to };
  return comparePreviews(input, platform.settings, settings, from, { signal });
}

function sayPreview(output: Output, preview: GroupPreview): void {
  const { before, after } = preview;
  const row = (name: string, of: (side: GroupPreview['before']) => string | number) =>
    [name, of(before), of(after)] as const;
  const alerts = before.alerts === 1 ? 'alert' : 'alerts';
  output.say(
    `${before.alerts} ${alerts} from ${preview.from.slice(0, 16)} to ${preview.to.slice(0, 16)} UTC`,
  );
  output.table(
    ['', 'as it is', 'as proposed'],
    [
      ...Object.keys(before.settings).map((name) => row(name, ({ settings }) => settings[name]!)),
      row('groups', ({ groups }) => groups),
      row('largest group', ({ largestGroup }) => largestGroup),
      row('primaries', ({ primaries }) => primaries),
      row('unmapped alerts', ({ unmapped }) => unmapped),
      row('less to look at', ({ noiseReduction }) =>
        noiseReduction === null ? '–' : `${(100 * noiseReduction).toFixed(1)} %`,
      ),
    ],
  );
  output.say(
    `${preview.sameGroups} ${preview.sameGroups === 1 ? 'group stays' : 'groups stay'} the same, ${preview.movedAlerts} ${preview.movedAlerts === 1 ? 'alert' : 'alerts'} would have other company`,
  );
  for (const { kind, before: were, after: are } of preview.differing.slice(0, shownPieces)) {
    const side = (groups: typeof were): string =>
      groups.map(({ name, alerts }) => `${name} (${alerts})`).join(' + ');
    output.say(`  ${kind}: ${side(were)}  →  ${side(are)}`);
  }
  const more = preview.differing.length + preview.differingLeftOut - shownPieces;
  if (more > 0) output.say(`  and ${more} more`);
  output.result(preview);
}

/** Settings compared with themselves say nothing. */
const nothingProposed = (): QuarterdeckError =>
  new QuarterdeckError(
    'INPUT_INVALID',
    'nothing is proposed: say what to try with --window MINUTES (TIME_WINDOW_MINUTES) or --minimum-score POINTS (MIN_MATCH_SCORE)',
    { culprit: { option: '--window' } },
  );

function points(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError('expected a number from 0 to 100');
}
