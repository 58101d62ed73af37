export interface Secrets {
  /**
   * @param options.fresh not from memory: the last one given out was refused, so it may have been rotated.
   * @throws SECRET_MISSING, CREDENTIAL_REJECTED, SECRETS_UNAVAILABLE
   */
  get(name: string, signal: AbortSignal, options?: { readonly fresh?: boolean }): Promise<string>;
}
