import packageJson from '../../package.json';

/** Version of the code that trained a model, for the manifest. */
export function codeVersion(): string {
  return packageJson.version;
}
