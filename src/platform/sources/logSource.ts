/** A place that logs or metrics are fetched from, such as a query of Azure Monitor or a log group of CloudWatch. */
export interface LogSource {
  readonly name: string;
  readonly kind: 'metrics' | 'logs';
  /**
   * Records with a time in [from, to), page by page. A record is an object as the service gives it, with `record_id`
   * where the service has one of its own.
   * @throws SOURCE_UNAVAILABLE after retries, SOURCE_REJECTED, CREDENTIAL_REJECTED
   */
  pages(
    window: { readonly from: Date; readonly to: Date },
    signal: AbortSignal,
  ): AsyncGenerator<readonly Record<string, unknown>[]>;
}

export interface LogSources {
  /** @throws SETTINGS_INVALID naming INGEST_SOURCES */
  names(): readonly string[];
  /** @throws SETTINGS_INVALID, NOT_FOUND when there is no source of this name */
  open(name: string): LogSource;
}
