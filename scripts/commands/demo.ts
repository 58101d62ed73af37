import { Command } from 'commander';
import { demoAlertsCommand } from './demoAlerts';

export function demoCommand(): Command {
  return new Command('demo').description('generated data to try things on').addCommand(demoAlertsCommand());
}
