import type { TriggerKind } from './triggerKind';

/** Runs once when the host starts, beside the first requests; a failure is logged and holds nothing up. */
export const warmupTrigger: TriggerKind = (target, host) => {
  const invoke = () => host.invoker.invoke(target, { data: { json: '{}' } });
  return {
    start: async () => {
      void invoke().catch(() => host.log('warning', `${target.name}: the app is not warm`));
    },
    stop: async () => {},
    invoke,
  };
};
