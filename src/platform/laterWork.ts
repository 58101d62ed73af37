import type { Telemetry } from './telemetry/telemetry';

/** Work that no answer waits for, and that the process does not end before. */
export interface LaterWork {
  /**
   * Starts it. When much is under way already, waits for some of it first, so that it cannot pile up. What it throws
   * is told to telemetry. It has to have a time limit of its own, and must not hang on the caller's signal.
   */
  start(name: string, work: () => Promise<void>): Promise<void>;
  /** To be done once, when the process is about to end. */
  atEnd(name: string, work: () => Promise<void>): void;
  /** Waits for what is under way, then does what is to be done at the end. Never rejects. */
  finish(): Promise<void>;
}

/** More than any usual burst; a few kilobytes each. */
const mostUnderWay = 64;

export function createLaterWork(telemetry: Pick<Telemetry, 'exception'>): LaterWork {
  const underWay = new Set<Promise<void>>();
  const last: (() => Promise<void>)[] = [];
  const told = (name: string, work: () => Promise<void>) => async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      telemetry.exception(error, { later: name });
    }
  };
  return {
    async start(name, work) {
      while (underWay.size >= mostUnderWay) await Promise.race(underWay);
      const running = told(name, work)().finally(() => underWay.delete(running));
      underWay.add(running);
    },
    atEnd(name, work) {
      last.push(told(name, work));
    },
    async finish() {
      while (underWay.size > 0) await Promise.all(underWay);
      await Promise.all(last.splice(0).map((work) => work()));
    },
  };
}
