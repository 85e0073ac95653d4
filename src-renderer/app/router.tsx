import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
} from '@tanstack/react-router';
import { recordTypeOf, type RecordType } from '../../src-shared/domain';
import { BREAKDOWNS, RANGE_NAMES, type AnalyticsSearch, type RunsSearch } from '../addresses';
import { CommandButton } from '../commands';
import { Empty, Waiting } from '../ui';
import { screen, ScreenError } from './screen';
import { Shell } from './shell';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
/** Whatever the address says, as text: what is typed there may come as a number, a boolean or worse. */
const given = (value: unknown): string | undefined =>
  value === undefined || typeof value === 'string' ? text(value) : JSON.stringify(value);

interface TemplatesSearch {
  q?: string;
  workspace?: string;
  archived?: true;
}
interface NewComparisonSearch {
  template?: string;
  sample?: true;
}
interface ReviewSearch {
  run?: string;
}
interface VersionsSearch {
  template?: string;
}
interface AuditSearch {
  kind?: RecordType;
  actor?: string;
  object?: string;
  from?: string;
  to?: string;
  entry?: number;
  checkpoint?: true;
}
interface ProvidersSearch {
  connection?: string;
}

interface SyncSearch {
  connect?: true;
}

const rootRoute = createRootRoute({ component: Shell });

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    // TanStack Router's way of redirecting is to throw the redirect.
    // oxlint-disable-next-line typescript/only-throw-error
    throw redirect({ to: '/templates' });
  },
});

const templatesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates',
  validateSearch: (search: Record<string, unknown>): TemplatesSearch => ({
    q: text(search['q']),
    workspace: text(search['workspace']),
    archived: search['archived'] === true ? true : undefined,
  }),
  component: screen(() => import('../features/templates'), 'TemplatesPage'),
});

const newTemplateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates/new',
  component: screen(() => import('../features/editor'), 'NewTemplatePage'),
});

const templateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/templates/$templateId',
  component: screen(() => import('../features/editor'), 'TemplatePage'),
});

const comparisonsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/compare',
  component: screen(() => import('../features/compare'), 'ComparisonsPage'),
});

const newComparisonRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/compare/new',
  validateSearch: (search: Record<string, unknown>): NewComparisonSearch => ({
    template: text(search['template']),
    sample: search['sample'] === true ? true : undefined,
  }),
  component: screen(() => import('../features/compare'), 'NewComparisonPage'),
});

const comparisonRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/compare/$batchId',
  component: screen(() => import('../features/compare'), 'ComparisonPage'),
});

const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs',
  validateSearch: (search: Record<string, unknown>): RunsSearch => ({
    q: given(search['q']),
    status: given(search['status']),
    model: given(search['model']),
    model_id: given(search['model_id']),
    template: given(search['template']),
    connection: given(search['connection']),
    batch: given(search['batch']),
    failure: given(search['failure']),
    from: given(search['from']),
    to: given(search['to']),
    min_cost: given(search['min_cost']),
    max_cost: given(search['max_cost']),
    simulated: typeof search['simulated'] === 'boolean' ? search['simulated'] : given(search['simulated']),
    counted: given(search['counted']),
    run: text(search['run']),
  }),
  component: screen(() => import('../features/runs'), 'RunsPage'),
});

const reviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/review',
  validateSearch: (search: Record<string, unknown>): ReviewSearch => ({ run: text(search['run']) }),
  component: screen(() => import('../features/review'), 'ReviewPage'),
});

const versionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/versions',
  validateSearch: (search: Record<string, unknown>): VersionsSearch => ({
    template: text(search['template']),
  }),
  component: screen(() => import('../features/versions'), 'VersionsPage'),
});

const analyticsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/analytics',
  validateSearch: (search: Record<string, unknown>): AnalyticsSearch => ({
    range: RANGE_NAMES.find((name) => name === search['range']),
    from: text(search['from']),
    to: text(search['to']),
    zone: text(search['zone']),
    practice: search['practice'] === true ? true : undefined,
    by: BREAKDOWNS.find((name) => name === search['by']),
  }),
  component: screen(() => import('../features/analytics'), 'AnalyticsPage'),
});

const providersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/providers',
  validateSearch: (search: Record<string, unknown>): ProvidersSearch => ({
    connection: text(search['connection']),
  }),
  component: screen(() => import('../features/providers'), 'ProvidersPage'),
});

const day = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;

const auditRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): AuditSearch => ({
    kind: recordTypeOf(search['kind']),
    actor: text(search['actor']),
    object: text(search['object']),
    from: day(search['from']),
    to: day(search['to']),
    entry: typeof search['entry'] === 'number' ? search['entry'] : undefined,
    checkpoint: search['checkpoint'] === true ? true : undefined,
  }),
  component: screen(() => import('../features/audit'), 'AuditPage'),
});

const syncRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sync',
  validateSearch: (search: Record<string, unknown>): SyncSearch => ({
    connect: search['connect'] === true ? true : undefined,
  }),
  component: screen(() => import('../features/sync'), 'SyncPage'),
});

const settingsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: screen(() => import('../features/settings'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    templatesRoute,
    newTemplateRoute,
    templateRoute,
    comparisonsRoute,
    newComparisonRoute,
    comparisonRoute,
    runsRoute,
    reviewRoute,
    versionsRoute,
    analyticsRoute,
    providersRoute,
    auditRoute,
    syncRoute,
    settingsRoute,
  ]),
  // Hash history survives a reload and deep links without any rewriting by the host.
  history: createHashHistory(),
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultPendingComponent: () => <Waiting lines={8} />,
  defaultErrorComponent: ScreenError,
  defaultNotFoundComponent: () => (
    <Empty title="Page not found" actions={<CommandButton id="app.palette" showKeys />}>
      Choose a screen from the rail.
    </Empty>
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
