import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type AnyRoute,
  type RouterHistory,
} from '@tanstack/react-router';
import type { Screen } from '../addresses';
import { CommandButton } from '../commands';
import { Empty, Waiting } from '../ui';
import { fetched, ScreenError } from './screen';
import type { SCREENS } from './screens';
import { Shell } from './shell';

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

function routeOf<const Path extends string, Search extends Screen['search']>(
  screen: Screen & { readonly path: Path; readonly search: Search },
) {
  return createRoute({
    getParentRoute: () => rootRoute,
    path: screen.path,
    validateSearch: screen.search,
    component: lazyRouteComponent(fetched(screen.page)),
  });
}

type RoutesOf<Screens extends readonly Screen[]> = {
  -readonly [Index in keyof Screens]: ReturnType<
    typeof routeOf<Screens[Index]['path'], Screens[Index]['search']>
  >;
};

/** A route per screen; a plain `map` would lose the tuple and with it the types of addresses. */
function routesOf<const Screens extends readonly Screen[]>(screens: Screens): RoutesOf<Screens>;
function routesOf(screens: readonly Screen[]): AnyRoute[] {
  return screens.map((screen) => routeOf(screen));
}

/** A router over any list of screens; the window's own is in `router.ts`. */
export function routerOf<const Screens extends readonly Screen[]>(screens: Screens, history: RouterHistory) {
  return createRouter({
    routeTree: rootRoute.addChildren([indexRoute, ...routesOf(screens)]),
    history,
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
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof routerOf<typeof SCREENS>>;
  }
}
