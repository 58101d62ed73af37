import { QuarterdeckError } from '../../contracts';
import type { RegisteredFunction } from '../app/app';
import { blobTrigger } from './blobTrigger';
import { httpTrigger } from './httpTrigger';
import { queueTrigger } from './queueTrigger';
import { timerTrigger } from './timerTrigger';
import type { Listener, TriggerHost, TriggerKind } from './triggerKind';
import { warmupTrigger } from './warmupTrigger';

/** Every trigger this host knows, by the type that `@azure/functions` registers (in lower case). */
const triggerKinds: Readonly<Record<string, TriggerKind>> = {
  httptrigger: httpTrigger,
  timertrigger: timerTrigger,
  queuetrigger: queueTrigger,
  blobtrigger: blobTrigger,
  warmuptrigger: warmupTrigger,
};

/** @throws FUNCTIONS_APP_INVALID naming the function when this host has no such trigger or its options do not fit. */
export function listenerFor(target: RegisteredFunction, host: TriggerHost): Listener {
  const { type } = target.trigger;
  const kind = triggerKinds[type.toLowerCase()];
  if (kind) return kind(target, host);
  throw new QuarterdeckError(
    'FUNCTIONS_APP_INVALID',
    `function "${target.name}": this host has no "${type}"`,
    {
      culprit: { function: target.name },
    },
  );
}
