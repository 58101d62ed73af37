import { z } from 'zod';
import type { Manifest } from '../contracts';

/** One condition that a new version has to meet before it may become `current`. */
export interface GateCheck {
  readonly name: string;
  readonly value: number | null;
  readonly limit: number | null;
  readonly passed: boolean;
  /** In words, for the person who reads why a version was refused. */
  readonly reason: string;
}

export interface GateResult {
  readonly passed: boolean;
  readonly checks: readonly GateCheck[];
}

/** All checks have to pass; a gate without any passes. */
export function evaluateGate(checks: readonly GateCheck[]): GateResult {
  return { passed: checks.every((check) => check.passed), checks };
}

const storedChecksSchema = z.array(
  z.object({
    name: z.string(),
    value: z.number().nullable(),
    limit: z.number().nullable(),
    passed: z.boolean(),
    reason: z.string(),
  }),
);

/** The gate as it was evaluated when the version was trained; one that was not stored is not passed. */
export function storedGate(manifest: Manifest): GateResult {
  const stored = storedChecksSchema.safeParse(manifest.parameters['gate']);
  if (stored.success) return evaluateGate(stored.data);
  return evaluateGate([
    {
      name: 'recorded',
      value: null,
      limit: null,
      passed: false,
      reason: 'the manifest holds no checks of the gate',
    },
  ]);
}
