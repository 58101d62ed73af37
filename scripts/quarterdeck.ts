#!/usr/bin/env node
import './compileCache';
import { Command } from 'commander';
import { codeVersion } from '../src/contracts';
import { alertsCommand } from './commands/alerts';
import { anomaliesCommand } from './commands/anomalies';
import { benchCommand } from './commands/bench';
import { demoCommand } from './commands/demo';
import { deployCommand } from './commands/deploy';
import { evaluateCommand } from './commands/evaluate';
import { predictCommand } from './commands/predict';
import { promoteCommand } from './commands/promote';
import { rollbackCommand } from './commands/rollback';
import { importCommand } from './commands/import';
import { preprocessCommand } from './commands/preprocess';
import { quickstartCommand } from './commands/quickstart';
import { serveCommand } from './commands/serve';
import { statusCommand } from './commands/status';
import { trainCommand } from './commands/train';
import { exitCodes } from './exitCodes';

/** The command line. Each command is a file in commands/. */
const program = new Command('quarterdeck')
  .description('AIOps on Azure Functions and on one machine')
  .version(codeVersion)
  // `promote --version` is the model's, not this program's.
  .enablePositionalOptions()
  .addCommand(quickstartCommand())
  .addCommand(importCommand())
  .addCommand(preprocessCommand())
  .addCommand(serveCommand())
  .addCommand(trainCommand())
  .addCommand(promoteCommand())
  .addCommand(rollbackCommand())
  .addCommand(predictCommand())
  .addCommand(anomaliesCommand())
  .addCommand(alertsCommand())
  .addCommand(demoCommand())
  .addCommand(statusCommand())
  .addCommand(evaluateCommand())
  .addCommand(benchCommand())
  .addCommand(deployCommand());

// The library ends with 1 for a word that it does not know; 1 means that the work failed.
const exitOnUsage = (command: Command): void => {
  command.showHelpAfterError('(add --help for what it takes)');
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage));
  command.commands.forEach(exitOnUsage);
};
exitOnUsage(program);

void program.parseAsync();
