import { trainAlertClusters, trainingDue } from '../../src/alerts';
import { exitCodes, type ExitCode } from '../exitCodes';
import { reportFailure } from '../reportFailure';
import type { Session } from '../session';
import { groupFiles, sayGrouping, type AlertFiles } from './alertFiles';
import { sayAlertTraining } from './alertsModel';

const minuteMs = 60_000;

/**
 * Groups the files again and again until it is stopped, and trains the model of alerts again when that is due. Ctrl-C
 * lets the run under way come to its end. A run that fails is told of and tried again at the next turn; the first one
 * must succeed, or somebody has to change the call.
 */
export async function groupEvery(session: Session, files: AlertFiles, minutes: number): Promise<ExitCode> {
  const { platform, output, signal } = session;
  saySchedule(session, files, minutes);
  // The interruption is looked at between runs: half a run would be worth nothing.
  const undisturbed = new AbortController().signal;
  const startedMs = platform.clock.now();
  let lastLookMs = startedMs;
  for (let turn = 1; ; turn++) {
    try {
      const nowMs = platform.clock.now();
      const { ALERT_TRAIN_SCHEDULE: schedule, ALERT_TIME_ZONE: timeZone } = platform.settings;
      if (files.retraining && trainingDue({ schedule, timeZone }, lastLookMs, nowMs)) {
        sayAlertTraining(output, await trainAlertClusters(platform, {}, { signal: undisturbed }));
      }
      lastLookMs = nowMs;
      sayGrouping(output, await groupFiles(platform, files, output, undisturbed));
    } catch (error) {
      if (turn === 1) throw error;
      reportFailure(error, output, false);
    }
    const waitMs = Math.max(0, startedMs + turn * minutes * minuteMs - platform.clock.now());
    if (!signal.aborted) await platform.clock.sleep(waitMs, signal).catch(unlessStopped(signal));
    if (signal.aborted) break;
  }
  output.say('stopped');
  await session.untilInterrupted();
  return exitCodes.done;
}

function unlessStopped(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

function saySchedule(
  { platform, output }: Session,
  { alerts, graph, retraining }: AlertFiles,
  minutes: number,
): void {
  const { ALERT_TRAIN_SCHEDULE: schedule, ALERT_TIME_ZONE: zone } = platform.settings;
  output.say(
    `Scheduled: grouping ${alerts} over ${graph} every ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  );
  output.say(
    retraining
      ? `Scheduled: retraining ${whenOf(schedule)}, time zone ${zone}.`
      : 'Retraining is off (--no-retraining).',
  );
  output.say('Stop with Ctrl-C; a run under way comes to its end first.');
}

/** The default in words; any other schedule as it is written. */
function whenOf(schedule: string): string {
  const days = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];
  const weekly = /^0 (\d{1,2}) (\d{1,2}) \* \* ([0-6])$/.exec(schedule);
  if (!weekly) return `by the schedule ${schedule}`;
  const [, minute, hour, day] = weekly;
  return `${days[Number(day)]} ${hour!.padStart(2, '0')}:${minute!.padStart(2, '0')} (${schedule})`;
}
