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
