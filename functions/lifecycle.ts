import { app } from '@azure/functions';
import { closeProcessPlatform } from '../src/platform/processPlatform';

app.hook.appTerminate(() => closeProcessPlatform());
