import { Command } from 'commander';
import { anomaliesReviewCommand } from './anomaliesReview';

export function anomaliesCommand(): Command {
  return new Command('anomalies')
    .description('anomalies in metrics and logs')
    .addCommand(anomaliesReviewCommand());
}
