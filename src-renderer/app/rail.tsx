import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { currentInRail, type Screen } from '../addresses';
import { keyCaps } from '../commands';
import { preferences } from '../preferences';
import { orpc } from '../rpc';
import { KeyCaps } from '../ui';
import { LISTED, SCREENS } from './screens';
import classes from './shell.module.css';

/** The link's accessible name and the screen show the exact count. */
const MAX_SHOWN = 99;

/** How many answers wait for review; a page of one item is enough, since totals come with every page. */
function useWaiting(): number {
  const query = useQuery(orpc.review.list.queryOptions({ input: { limit: 1 } }));
  return query.data?.totals.open ?? 0;
}

/** As the router marks a link whose path the address begins with. */
const CURRENT = { 'aria-current': 'page', 'data-status': 'active' } as const;

export function Rail() {
  const labels = preferences((state) => state.railLabels);
  const counts = { reviews: useWaiting() };
  const current = useRouterState({ select: ({ location }) => currentInRail(SCREENS, location.pathname) });
  return (
    <nav className={classes.rail} data-narrow={labels ? undefined : true} aria-label="Screens" data-pane>
      {LISTED.map(({ path, nav, command: { keys } }) => {
        const { name, icon: Icon, end, counts: counted }: NonNullable<Screen['nav']> = nav;
        const waiting = counted === undefined ? 0 : counts[counted];
        return (
          <Tooltip
            key={path}
            // Below, because to the right it would cover the screen's title.
            position="bottom-start"
            label={
              <>
                {name} <KeyCaps caps={keyCaps(keys[0])} />
              </>
            }
          >
            <Link
              to={path}
              className={`${classes.railLink} ${end ? classes.railEnd : ''}`}
              {...(path === current && CURRENT)}
              aria-label={waiting > 0 ? `${name}, ${waiting} waiting` : name}
            >
              <Icon size={18} stroke={1.75} aria-hidden />
              {labels && <span>{name}</span>}
              {waiting > 0 && (
                // Drawn by CSS; the link's accessible name has it in words.
                <b
                  className={classes.railCount}
                  data-count={waiting > MAX_SHOWN ? `${MAX_SHOWN}+` : waiting}
                  aria-hidden
                />
              )}
            </Link>
          </Tooltip>
        );
      })}
    </nav>
  );
}
