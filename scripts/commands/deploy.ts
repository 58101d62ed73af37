import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { createOutput, type Output } from '../output';
import { exitCodes } from '../exitCodes';
import { packedBefore, stagePackage } from '../deployment/stage';
import { smokeTest } from '../deployment/smokeTest';

interface DeployOptions {
  readonly resourceGroup: string;
  readonly parameters: string;
  readonly whatIf?: boolean;
  readonly package?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

interface Outputs {
  readonly functionsAppName: { value: string };
  readonly url: { value: string };
  readonly storageAccountName: { value: string };
  readonly deploymentContainer: { value: string };
}

export function deployCommand(): Command {
  return new Command('deploy')
    .description(
      'validate, preview and create the resources in Azure, publish the app, and test that it answers',
    )
    .requiredOption('--resource-group <name>', 'existing resource group')
    .requiredOption('--parameters <file>', 'parameters of infra/main.bicep (.bicepparam or .json)')
    .option('--what-if', 'stop after the preview')
    .option('--package <folder>', 'publish the archives that are in this folder, instead of packing new ones')
    .option('--yes', 'do not ask before creating')
    .option('--json', 'print one JSON document on standard output and nothing else')
    .action(async (options: DeployOptions) => {
      const output = createOutput({ json: options.json === true });
      try {
        process.exitCode = await deploy(options, output);
      } catch (error) {
        process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = exitCodes.failed;
      }
    });
}

/** Each step is one call of the az command line, printed before it runs, so that a person can repeat it by hand. */
async function deploy(options: DeployOptions, output: Output): Promise<number> {
  const template = [
    '--resource-group',
    options.resourceGroup,
    '--template-file',
    'infra/main.bicep',
    '--parameters',
    options.parameters,
  ];
  await az(['deployment', 'group', 'validate', ...template, '--output', 'none'], output);
  output.say(await az(['deployment', 'group', 'what-if', ...template], output));
  if (options.whatIf) return exitCodes.done;
  if (!options.yes && !(await confirmed())) {
    output.say('nothing was changed');
    return exitCodes.done;
  }
  const answer = await az(
    ['deployment', 'group', 'create', ...template, '--query', 'properties.outputs', '--output', 'json'],
    output,
  );
  const outputs = JSON.parse(answer) as Outputs;
  const app = outputs.functionsAppName.value;
  const staged = options.package ? packedBefore(options.package) : stagePackage(output);
  await az(
    [
      'storage',
      'blob',
      'upload',
      '--auth-mode',
      'login',
      '--account-name',
      outputs.storageAccountName.value,
      '--container-name',
      outputs.deploymentContainer.value,
      '--name',
      'quarterdeck.tgz',
      '--file',
      staged.trainingArchive,
      '--overwrite',
      '--output',
      'none',
    ],
    output,
  );
  await az(
    [
      'functionapp',
      'deployment',
      'source',
      'config-zip',
      '--resource-group',
      options.resourceGroup,
      '--name',
      app,
      '--src',
      staged.appArchive,
      '--output',
      'none',
    ],
    output,
  );
  const health = await smokeTest(outputs.url.value);
  output.say(`${outputs.url.value} answers: ${JSON.stringify(health)}`);
  output.result({ app, url: outputs.url.value, health });
  return exitCodes.done;
}

function az(words: readonly string[], output: Output): Promise<string> {
  output.say(`az ${words.join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn('az', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', (error) =>
      reject(new Error(`the az command line could not be started: ${error.message}`, { cause: error })),
    );
    child.on('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`az ${words.slice(0, 3).join(' ')} ended with exit code ${code}`));
    });
  });
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error('no terminal to ask on: pass --yes to create the resources');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('Create these resources? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}
