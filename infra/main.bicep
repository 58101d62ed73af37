// Everything that Quarterdeck needs in one resource group: the Functions app (Flex Consumption), storage without
// shared keys, Key Vault, Application Insights, one identity with the least roles, the training machine, alerts.
targetScope = 'resourceGroup'

@description('Short name that all resources carry.')
@minLength(3)
@maxLength(11)
param name string

@description('Region of every resource. It must offer Flex Consumption.')
param location string = resourceGroup().location

@description('Who gets the alert e-mails.')
param alertEmail string

@description('Public SSH key of the training machine. It has no public address; reach it through Bastion or a VPN.')
param trainingSshPublicKey string

@description('Size of the training machine.')
param trainingVmSize string = 'Standard_D4as_v5'

@description('Google Cloud project that holds the tickets.')
param bigQueryProject string

@description('BigQuery dataset of the tickets and of the tables that Quarterdeck writes.')
param bigQueryDataset string = 'quarterdeck'

@description('BigQuery location of the dataset.')
param bigQueryLocation string = 'EU'

@description('Audience of the workload identity pool provider: //iam.googleapis.com/projects/…/providers/….')
param bigQueryAudience string

@description('Google service account that the pool may act as; empty to use the federated identity itself.')
param bigQueryServiceAccount string = ''

@description('Table of the tickets, read only.')
param incidentsTable string = 'incidents'

@description('Where vectors come from.')
@allowed(['local', 'azure-openai'])
param embeddingProvider string = 'local'

@description('Azure OpenAI endpoint for embeddings; empty with the local embedder.')
param embeddingEndpoint string = ''

@description('Azure OpenAI endpoint for names and summaries; empty for none.')
param languageModelEndpoint string = ''

@description('Deployment name of the language model.')
param languageModelName string = ''

@description('Name of an Azure OpenAI account in this resource group that the identity may use; empty for none.')
param openAiAccountName string = ''

@description('Take in files that are dropped into the raw-logs container. Needs the app to be published: set it from the second deployment on.')
param watchDroppedFiles bool = false

var suffix = uniqueString(resourceGroup().id, name)
var tags = { application: 'quarterdeck' }

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: { name: '${name}-identity', location: location, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: { name: name, location: location, tags: tags }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: { name: take('${name}${suffix}', 24), location: location, tags: tags }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: { name: take('${name}-${suffix}', 24), location: location, tags: tags }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    principalId: identity.outputs.principalId
    storageAccountName: storage.outputs.name
    vaultName: vault.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    openAiAccountName: openAiAccountName
  }
}

var engineSettings = {
  QUARTERDECK_WAREHOUSE: 'bigquery'
  BIGQUERY_PROJECT: bigQueryProject
  BIGQUERY_DATASET: bigQueryDataset
  BIGQUERY_LOCATION: bigQueryLocation
  BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE: bigQueryAudience
  BIGQUERY_SERVICE_ACCOUNT: bigQueryServiceAccount
  QUARTERDECK_INCIDENTS_TABLE: incidentsTable
  AzureWebJobsStorage__accountName: storage.outputs.name
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.outputs.clientId
  QUARTERDECK_ARTIFACTS_CONTAINER: storage.outputs.artifactsContainer
  QUARTERDECK_RAW_LOGS_CONTAINER: storage.outputs.rawLogsContainer
  KEY_VAULT_URI: vault.outputs.uri
  AZURE_CLIENT_ID: identity.outputs.clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
  EMBEDDING_PROVIDER: embeddingProvider
  EMBEDDING_ENDPOINT: embeddingEndpoint
  LANGUAGE_MODEL_PROVIDER: empty(languageModelEndpoint) ? 'none' : 'azure-openai'
  LANGUAGE_MODEL_ENDPOINT: languageModelEndpoint
  LANGUAGE_MODEL_NAME: languageModelName
}

module functionsApp 'modules/functions.bicep' = {
  name: 'functions'
  params: {
    name: '${name}-${suffix}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    storageAccountName: storage.outputs.name
    deploymentContainer: storage.outputs.deploymentContainer
    settings: union(engineSettings, {
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.outputs.clientId};Authorization=AAD'
      AzureWebJobsDisableHomepage: 'true'
      PREPROCESS_SCHEDULE: '0 0 * * * *'
      PREDICT_SCHEDULE: '0 0 */2 * * *'
      PULL_SCHEDULE: '0 */5 * * * *'
      WATCH_SCHEDULE: '0 */15 * * * *'
      SCORE_SCHEDULE: '0 */5 * * * *'
      CANARY_SCHEDULE: '0 * * * * *'
      EXPERIMENT_SCHEDULE: '0 */30 * * * *'
      ALERT_GROUP_SCHEDULE: '0 */15 * * * *'
      ALERT_TRAIN_SCHEDULE: '0 0 7 * * 1'
    })
  }
  dependsOn: [roles]
}

module dropped 'modules/dropped.bicep' = if (watchDroppedFiles) {
  name: 'dropped'
  params: {
    name: name
    location: location
    tags: tags
    storageAccountName: storage.outputs.name
    rawLogsContainer: storage.outputs.rawLogsContainer
    functionsAppName: functionsApp.outputs.name
  }
}

module training 'modules/training.bicep' = {
  name: 'training'
  params: {
    name: '${name}-training'
    location: location
    tags: tags
    identityId: identity.outputs.id
    size: trainingVmSize
    sshPublicKey: trainingSshPublicKey
    settings: engineSettings
    packageUrl: '${storage.outputs.blobEndpoint}${storage.outputs.deploymentContainer}/quarterdeck.tgz'
  }
  dependsOn: [roles]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    email: alertEmail
  }
}

output functionsAppName string = functionsApp.outputs.name
output url string = functionsApp.outputs.url
output storageAccountName string = storage.outputs.name
output deploymentContainer string = storage.outputs.deploymentContainer
