import { app } from '@azure/functions';
import { answerAlerts } from '../src/alerts';
import { operations } from '../src/contracts';
import { processPlatform } from '../src/platform/processPlatform';

const { id, method, route, access } = operations.receiveAlerts;

app.http(id, {
  methods: [method],
  route,
  authLevel: access,
  handler: (request, context) =>
    answerAlerts(processPlatform(), request, { requestId: context.invocationId }),
});
