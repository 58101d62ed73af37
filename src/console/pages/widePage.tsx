import { AlertGroupsView } from './alerts/alertGroupsView';
import { AlertGroupView } from './alerts/alertGroupView';
import { AnomaliesView } from './anomaliesView';
import { InstanceView } from './instanceView';
import { ModelsView } from './modelsView';
import { QuarantineView } from './quarantineView';
import { ReviewsView } from './reviewsView';
import type { Route } from './route';
import { RoutingView } from './routingView';
import { RunsView } from './runsView';

/** Pages over the whole width, without the tech centres beside them. */
export type WideRoute = Extract<
  Route,
  { view: 'anomalies' | 'alerts' | 'reviews' | 'models' | 'routing' | 'runs' | 'quarantine' }
>;

export function isWidePage(route: Route): route is WideRoute {
  return ['anomalies', 'alerts', 'reviews', 'models', 'routing', 'runs', 'quarantine'].includes(route.view);
}

export function titleOfWidePage(route: WideRoute): string {
  if (route.view === 'anomalies') return route.instance ?? 'Anomalies';
  if (route.view === 'alerts') return 'Alert groups';
  if (route.view === 'runs') return 'Pipeline runs';
  if (route.view === 'quarantine') return 'Rows set aside';
  if (route.view === 'reviews') return 'Reviews';
  return route.view === 'models' ? 'Anomaly models' : 'Routing';
}

export function WidePage({ route }: { route: WideRoute }) {
  if (route.view === 'alerts') {
    if (route.groupId === undefined) return <AlertGroupsView />;
    return <AlertGroupView key={route.groupId} id={route.groupId} />;
  }
  if (route.view === 'runs') return <RunsView />;
  if (route.view === 'quarantine') return <QuarantineView />;
  if (route.view === 'reviews') return <ReviewsView />;
  if (route.view === 'models') return <ModelsView />;
  if (route.view === 'routing') return <RoutingView />;
  if (route.instance === undefined) return <AnomaliesView />;
  return <InstanceView key={route.instance} instance={route.instance} at={route.at} />;
}
