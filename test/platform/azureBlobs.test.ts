import { blobsContract } from '../contract/blobs';
import { withAzurite } from '../support/azurite';
import { testStorage } from '../support/storage';

const azurite = withAzurite();
blobsContract('Azure Storage', () => testStorage(azurite()).blobs);
