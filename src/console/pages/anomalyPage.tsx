import { AnomaliesView } from './anomaliesView';
import { InstanceView } from './instanceView';
import { ModelsView } from './modelsView';
import { ReviewsView } from './reviewsView';
import type { Route } from './route';
import { RoutingView } from './routingView';

export type AnomalyRoute = Extract<Route, { view: 'anomalies' | 'reviews' | 'models' | 'routing' }>;

export function isAnomalyPage(route: Route): route is AnomalyRoute {
  return ['anomalies', 'reviews', 'models', 'routing'].includes(route.view);
}

export function titleOfAnomalyPage(route: AnomalyRoute): string {
  if (route.view === 'anomalies') return route.instance ?? 'Anomalies';
  if (route.view === 'reviews') return 'Reviews';
  return route.view === 'models' ? 'Anomaly models' : 'Routing';
}

/** The pages on anomalies. */
export function AnomalyPage({ route }: { route: AnomalyRoute }) {
  if (route.view === 'reviews') return <ReviewsView />;
  if (route.view === 'models') return <ModelsView />;
  if (route.view === 'routing') return <RoutingView />;
  if (route.instance === undefined) return <AnomaliesView />;
  return <InstanceView key={route.instance} instance={route.instance} at={route.at} />;
}
