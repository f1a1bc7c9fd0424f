// The dashboard and the alert rules of ImageAspire in Azure Monitor, beside the Application Insights that `azd up` makes (deploy.md).
// az deployment group create -g GROUP -f deploy/monitor/monitor.bicep -p insights=NAME email=operators@example.org

@description('Name of the Application Insights resource in this resource group.')
param insights string

@description('Who is told; empty for alerts without a message.')
param email string = ''

param location string = resourceGroup().location

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insights
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(component.id, 'imageaspire')
  location: location
  kind: 'shared'
  properties: {
    displayName: 'ImageAspire'
    category: 'workbook'
    sourceId: component.id
    serializedData: loadTextContent('workbook.json')
  }
}

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'imageaspire-operators'
  location: 'global'
  properties: {
    groupShortName: 'ImageAspire'
    enabled: true
    emailReceivers: [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

// Each query gives rows only when something is wrong, one for each thing that is; what it means and what to do is in docs/operations.md.
var alerts = [
  {
    name: 'dead-letters'
    text: 'Messages were dead-lettered: attempts are used up. Operations, Dead letters.'
    severity: 2
    window: 'PT15M'
    query: 'customMetrics | where name == "imageaspire.dead_letters" and valueSum > 0 | summarize Found = sum(valueSum) by Thing = strcat(customDimensions.stage, ": ", customDimensions.reason)'
  }
  {
    name: 'dependency'
    text: 'Attempts have failed because of a dependency for more than ten minutes. docs/errors.md, Causes.'
    severity: 2
    window: 'PT15M'
    query: 'customMetrics | where name == "imageaspire.stage.faults" and customDimensions.cause startswith "dependency-" and valueSum > 0 | summarize Minutes = dcount(bin(timestamp, 1m)) by Thing = strcat(customDimensions.dependency, ": ", customDimensions.cause) | where Minutes >= 10'
  }
  {
    name: 'our-fault'
    text: 'Attempts failed for a reason that nothing expects. The log, by trace id.'
    severity: 3
    window: 'PT1H'
    query: 'customMetrics | where name == "imageaspire.stage.faults" and customDimensions.cause in ("our-fault", "process-died", "time-limit") and valueSum > 0 | summarize Found = sum(valueSum) by Thing = strcat(customDimensions.stage, ": ", customDimensions.cause)'
  }
  {
    name: 'backlog'
    text: 'More than 1,000 messages have waited for a stage all the time. Operations, Flow says what holds it up.'
    severity: 3
    window: 'PT30M'
    query: 'customMetrics | where name == "imageaspire.subscription.depth" and customDimensions.state == "active" | summarize Least = min(valueMin), Samples = count() by Thing = tostring(customDimensions.subscription) | where Least > 1000 and Samples >= 10'
  }
  {
    name: 'api-errors'
    text: 'More than one of 50 requests to the Api failed.'
    severity: 2
    window: 'PT15M'
    query: 'requests | where name has "/api/" | summarize Failed = countif(toint(resultCode) >= 500), All = count() by Thing = cloud_RoleName | where Failed > 5 and Failed * 50 > All'
  }
  {
    name: 'damaged-originals'
    text: 'Stored originals are not what was uploaded. Operations, Stored originals.'
    severity: 1
    window: 'PT1H'
    query: 'customMetrics | where name == "imageaspire.scrub.damaged" and valueMax > 0 | summarize Found = max(valueMax) by Thing = "originals"'
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: 'imageaspire-${alert.name}'
    location: location
    properties: {
      displayName: 'ImageAspire: ${alert.name}'
      description: alert.text
      severity: alert.severity
      enabled: true
      scopes: [component.id]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            dimensions: [{ name: 'Thing', operator: 'Include', values: ['*'] }]
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: empty(email) ? [] : [operators.id] }
    }
  }
]

output workbook string = workbook.id
