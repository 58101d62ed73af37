// Who is told, and the first rules. Metric names are those of src/platform/telemetry/metrics.ts; a test holds that.
param name string
param location string
param tags object
param workspaceId string
param email string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-people'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: take(name, 12)
    enabled: true
    emailReceivers: [{ name: 'operations', emailAddress: email, useCommonAlertSchema: true }]
  }
}

var rules = [
  {
    name: 'preprocess-without-heartbeat'
    description: 'The hourly preprocessing has not reported for three hours.'
    severity: 1
    query: 'AppMetrics | where Name == "pipeline.heartbeat" | where tostring(Properties.pipeline) == "preprocess"'
    windowSize: 'PT3H'
    evaluationFrequency: 'PT15M'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'predict-without-heartbeat'
    description: 'The two-hourly prediction has not reported for six hours.'
    severity: 1
    query: 'AppMetrics | where Name == "pipeline.heartbeat" | where tostring(Properties.pipeline) == "predict"'
    windowSize: 'PT6H'
    evaluationFrequency: 'PT30M'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'failed-runs'
    description: 'A pipeline run failed.'
    severity: 2
    query: 'AppMetrics | where Name == "pipeline.run.failed"'
    windowSize: 'PT1H'
    evaluationFrequency: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'poison-messages'
    description: 'A queue message was given up after its last attempt.'
    severity: 2
    query: 'AppMetrics | where Name == "queue.poison" | where Sum > 0'
    windowSize: 'PT3H'
    evaluationFrequency: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'training-overdue'
    description: 'A tech centre has no model younger than TRAIN_OVERDUE_DAYS.'
    severity: 3
    query: 'AppMetrics | where Name == "training.overdue" | where Sum > 0'
    windowSize: 'P1D'
    evaluationFrequency: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'model-fallback'
    description: 'The current model version could not be used; an older one serves.'
    severity: 2
    query: 'AppMetrics | where Name == "model.fallback"'
    windowSize: 'PT3H'
    evaluationFrequency: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'split-mismatch'
    description: 'Units are not split between champion and challenger as the weights say: their comparison is not to be trusted.'
    severity: 2
    query: 'AppMetrics | where Name == "routing.split.mismatch"'
    windowSize: 'PT15M'
    evaluationFrequency: 'PT5M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'canary-rolled-back'
    description: 'A canary went back to the champion.'
    severity: 2
    query: 'AppMetrics | where Name == "canary.rolledback"'
    windowSize: 'PT15M'
    evaluationFrequency: 'PT5M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'scoring-without-heartbeat'
    description: 'The five-minute scoring has not reported for half an hour.'
    severity: 1
    query: 'AppMetrics | where Name == "pipeline.heartbeat" | where tostring(Properties.pipeline) == "anomaly-score"'
    windowSize: 'PT30M'
    evaluationFrequency: 'PT5M'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'alert-grouping-without-heartbeat'
    description: 'The grouping of alerts, every 15 minutes, has not reported for an hour.'
    severity: 1
    query: 'AppMetrics | where Name == "pipeline.heartbeat" | where tostring(Properties.pipeline) == "alert-group"'
    windowSize: 'PT1H'
    evaluationFrequency: 'PT15M'
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'alert-training-without-heartbeat'
    description: 'The timer that trains the model of alerts weekly has not looked at its schedule for three hours.'
    severity: 2
    query: 'AppMetrics | where Name == "pipeline.heartbeat" | where tostring(Properties.pipeline) == "alert-train"'
    windowSize: 'PT3H'
    evaluationFrequency: 'PT30M'
    operator: 'LessThan'
    threshold: 1
  }
]

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2023-03-15-preview' = [for rule in rules: {
  name: '${name}-${rule.name}'
  location: location
  tags: tags
  properties: {
    displayName: '${name}: ${rule.name}'
    description: rule.description
    enabled: true
    severity: rule.severity
    scopes: [workspaceId]
    evaluationFrequency: rule.evaluationFrequency
    windowSize: rule.windowSize
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: rule.operator
          threshold: rule.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [people.id] }
  }
}]
