import { predictQueue } from './predict/enqueuePredict';
import { preprocessQueue } from './preprocess/enqueuePreprocess';
import { trainQueue } from './train/enqueueTrain';

/** Every queue that the incident pipelines read from; each has a `-poison` twin. */
export const workQueues: readonly string[] = [preprocessQueue, trainQueue, predictQueue];
