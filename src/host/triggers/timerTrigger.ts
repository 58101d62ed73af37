import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { TypedData } from '../app/functionsCore';
import { resolveSettings } from '../configuration/resolveSetting';
import { withRetries } from '../invocation/retryPolicy';
import { parseSchedule } from '../timers/schedule';
import { TimerListener, type TimerRun } from '../timers/timerListener';
import type { TriggerKind } from './triggerKind';

const bindingSchema = z.looseObject({
  schedule: z.string().min(1),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});
/** What .NET says for "never". */
const never = '0001-01-01T00:00:00+00:00';

/** Timer trigger: NCRONTAB or a time span, `%SETTING%` allowed, with a memory across restarts. */
export const timerTrigger: TriggerKind = (target, host) => {
  const where = `function "${target.name}"`;
  const parsed = bindingSchema.safeParse(target.trigger);
  if (!parsed.success) {
    throw new QuarterdeckError('FUNCTIONS_APP_INVALID', `${where} is a timer without a schedule`, {
      culprit: { function: target.name },
    });
  }
  const binding = parsed.data;
  const text = resolveSettings(binding.schedule, host.environment, where);
  const timeZone = host.environment['WEBSITE_TIME_ZONE'] || host.environment['TZ'] || 'UTC';
  const schedule = parseSchedule(text, timeZone, where);
  const stopping = new AbortController();

  const invoke = (run: TimerRun) =>
    withRetries(
      {
        options: target.metadata.retryOptions,
        clock: host.clock,
        random: host.random.fork(target.name),
        signal: stopping.signal,
      },
      (retryContext) => host.invoker.invoke(target, { data: timerInfo(run), retryContext }),
    );
  const listener = new TimerListener({
    name: target.name,
    schedule,
    store: binding.useMonitor && schedule.monitored ? host.schedules : undefined,
    runOnStartup: binding.runOnStartup,
    clock: host.clock,
    log: host.log,
    run: async (run) => {
      await invoke(run);
    },
  });
  return {
    start: async () => {
      if (host.schedulesEnabled) await listener.start();
    },
    stop: async () => {
      stopping.abort();
      await listener.stop();
    },
    settled: () => listener.settled(),
    invoke: () => listener.exclusively(() => invoke({ isPastDue: false, status: undefined })),
  };
};

function timerInfo({ isPastDue, status }: TimerRun): TypedData {
  const time = (ms: number) => new Date(ms).toISOString();
  const info = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: status
      ? {
          Last: status.last === undefined ? never : time(status.last),
          Next: time(status.next),
          LastUpdated: time(status.lastUpdated),
        }
      : null,
    IsPastDue: isPastDue,
  };
  return { json: JSON.stringify(info) };
}
