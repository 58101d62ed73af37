import { AlertGroupsView } from './alerts/alertGroupsView';
import { AlertGroupView } from './alerts/alertGroupView';
import { AnomaliesView } from './anomaliesView';
import { InstanceView } from './instanceView';
import { ModelsView } from './modelsView';
import { ReviewsView } from './reviewsView';
import type { Route } from './route';
import { RoutingView } from './routingView';

/** Pages over the whole width, without the tech centres beside them. */
export type WideRoute = Extract<Route, { view: 'anomalies' | 'alerts' | 'reviews' | 'models' | 'routing' }>;

export function isWidePage(route: Route): route is WideRoute {
  return ['anomalies', 'alerts', 'reviews', 'models', 'routing'].includes(route.view);
}

export function titleOfWidePage(route: WideRoute): string {
  if (route.view === 'anomalies') return route.instance ?? 'Anomalies';
  if (route.view === 'alerts') return 'Alert groups';
  if (route.view === 'reviews') return 'Reviews';
  return route.view === 'models' ? 'Anomaly models' : 'Routing';
}

export function WidePage({ route }: { route: WideRoute }) {
  if (route.view === 'alerts') {
    if (route.groupId === undefined) return <AlertGroupsView />;
    return <AlertGroupView key={route.groupId} id={route.groupId} />;
  }
  if (route.view === 'reviews') return <ReviewsView />;
  if (route.view === 'models') return <ModelsView />;
  if (route.view === 'routing') return <RoutingView />;
  if (route.instance === undefined) return <AnomaliesView />;
  return <InstanceView key={route.instance} instance={route.instance} at={route.at} />;
}
