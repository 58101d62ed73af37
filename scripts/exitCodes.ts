import type { PipelineRun } from '../src/contracts';

/** Exit codes of every command. */
export const exitCodes = { done: 0, failed: 1, usage: 2, partial: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * Of the runs of one command: failed when not one of them did anything, partial when some failed or did a part of
 * their work. A run that was skipped, because there was nothing to do, is no failure.
 */
export function exitCodeOf(
  runs: readonly { readonly status: PipelineRun['status'] | 'elsewhere' }[],
): ExitCode {
  const failed = runs.filter(({ status }) => status === 'failed').length;
  if (failed > 0 && failed === runs.length) return exitCodes.failed;
  const partial = runs.some(({ status }) => status === 'partial');
  return failed > 0 || partial ? exitCodes.partial : exitCodes.done;
}
