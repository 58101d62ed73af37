import { Command } from 'commander';
import { anomaliesCanaryCommand } from './anomaliesCanary';
import { anomaliesPromoteCommand } from './anomaliesPromote';
import { anomaliesReviewCommand } from './anomaliesReview';
import { anomaliesRouteCommand } from './anomaliesRoute';
import { anomaliesStatusCommand } from './anomaliesStatus';
import { anomaliesTrainCommand } from './anomaliesTrain';

export function anomaliesCommand(): Command {
  return new Command('anomalies')
    .description('anomalies in metrics and logs')
    .addCommand(anomaliesTrainCommand())
    .addCommand(anomaliesReviewCommand())
    .addCommand(anomaliesPromoteCommand())
    .addCommand(anomaliesRouteCommand())
    .addCommand(anomaliesCanaryCommand())
    .addCommand(anomaliesStatusCommand());
}
