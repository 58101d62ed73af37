import type { Settings, VariableName } from './variables';

export interface SettingProblem {
  readonly setting: VariableName;
  readonly problem: string;
}

/** What settings ask of each other. */
export function crossCheck(settings: Partial<Settings>): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const report = (setting: VariableName, problem: string) => void problems.push({ setting, problem });
  const need = (setting: VariableName, because: string): void => {
    if (settings[setting] === undefined) report(setting, `is needed ${because}`);
  };

  if (settings.QUARTERDECK_WAREHOUSE === 'bigquery')
    need('BIGQUERY_PROJECT', 'by QUARTERDECK_WAREHOUSE=bigquery');
  if (
    settings.BIGQUERY_KEY_FILE !== undefined &&
    settings.BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE !== undefined
  ) {
    report('BIGQUERY_KEY_FILE', 'cannot be used together with BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE');
  }

  const embedding = settings.EMBEDDING_PROVIDER;
  if (embedding === 'onnx') need('EMBEDDING_ONNX_FOLDER', 'by EMBEDDING_PROVIDER=onnx');
  if (embedding === 'azure-openai' || embedding === 'openai-compatible') {
    need('EMBEDDING_ENDPOINT', `by EMBEDDING_PROVIDER=${embedding}`);
  }
  const weights = [
    settings.EMBEDDING_WEIGHT_ENTITY,
    settings.EMBEDDING_WEIGHT_ACTION,
    settings.EMBEDDING_WEIGHT_SEMANTIC,
  ];
  if (weights.every((weight) => weight === 0)) {
    report('EMBEDDING_WEIGHT_SEMANTIC', 'one of the three EMBEDDING_WEIGHT_* has to be above 0');
  }

  const language = settings.LANGUAGE_MODEL_PROVIDER;
  if (language !== undefined && language !== 'none') {
    need('LANGUAGE_MODEL_ENDPOINT', `by LANGUAGE_MODEL_PROVIDER=${language}`);
    need('LANGUAGE_MODEL_NAME', `by LANGUAGE_MODEL_PROVIDER=${language}`);
  }
  if (settings.PREPROCESS_LANGUAGE_MODEL_SUMMARY && language === 'none') {
    report('PREPROCESS_LANGUAGE_MODEL_SUMMARY', 'needs a LANGUAGE_MODEL_PROVIDER');
  }

  for (const [endpoint, key] of [
    ['EMBEDDING_ENDPOINT', settings.EMBEDDING_KEY_SECRET],
    ['LANGUAGE_MODEL_ENDPOINT', settings.LANGUAGE_MODEL_KEY_SECRET],
  ] as const) {
    const address = settings[endpoint];
    if (address !== undefined && key !== undefined && sentInClear(address)) {
      report(endpoint, 'has to be https, since a key is sent there');
    }
  }
  return problems;
}

/** Plain http to another machine. */
function sentInClear(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
