import { Command } from 'commander';
import { importIncidentsCommand } from './importIncidents';
import { importObservationsCommand } from './importObservations';

export function importCommand(): Command {
  return new Command('import')
    .description('bring your own data in')
    .addCommand(importIncidentsCommand())
    .addCommand(importObservationsCommand('metrics'))
    .addCommand(importObservationsCommand('logs'));
}
