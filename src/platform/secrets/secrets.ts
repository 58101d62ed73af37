export interface Secrets {
  /** Throws SECRET_MISSING or CREDENTIAL_REJECTED. */
  get(name: string, signal: AbortSignal): Promise<string>;
}
