import { Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { COMMANDS, keyCaps } from '../commands';
import { preferences } from '../preferences';
import { KeyCaps } from '../ui';
import { DESTINATIONS } from './destinations';
import classes from './shell.module.css';

/** Where a person can go. */
export function Rail() {
  const labels = preferences((state) => state.railLabels);
  return (
    <nav className={classes.rail} data-narrow={labels ? undefined : true} aria-label="Screens" data-pane>
      {DESTINATIONS.map(({ to, name, icon: Icon, command, end }) => (
        <Tooltip
          key={to}
          // Below: to the right it would cover the screen's title.
          position="bottom-start"
          label={
            <>
              {name} <KeyCaps caps={keyCaps(COMMANDS[command].keys?.[0] ?? '')} />
            </>
          }
        >
          <Link to={to} className={`${classes.railLink} ${end ? classes.railEnd : ''}`} aria-label={name}>
            <Icon size={18} stroke={1.75} aria-hidden />
            {labels && <span>{name}</span>}
          </Link>
        </Tooltip>
      ))}
    </nav>
  );
}
