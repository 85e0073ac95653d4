import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { leaveScreen, useKeyboard } from '../commands';
import { useFocusOrigin, useKeptFocus } from '../ui';
import { CrashBanner } from './crash-banner';
import { HelpDialog } from './help-dialog';
import { Palette } from './palette';
import { Rail } from './rail';
import { useVisits } from './recents';
import { useShellCommands } from './shell-commands';
import { useSyncCommands } from './sync-commands';
import { StatusBar } from './status-bar';
import { TitleBar } from './title-bar';
import { useMovingKeys } from './use-moving-keys';
import { OVERLAYS } from './theme/theme';
import classes from './shell.module.css';

export function Shell() {
  useKeyboard();
  useMovingKeys();
  useFocusOrigin();
  useShellCommands();
  useSyncCommands();
  useVisits();
  useScreenNotices();
  const main = useRef<HTMLElement>(null);
  useKeptFocus(main);
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main" onClick={focusMain}>
        Skip to content
      </a>
      <TitleBar />
      <Rail />
      <main ref={main} id="main" className={classes.main} tabIndex={-1} data-pane>
        <CrashBanner />
        <Outlet />
        <div id={OVERLAYS} />
      </main>
      <StatusBar />
      <Palette />
      <HelpDialog />
    </div>
  );
}

/** A notice goes when its screen does. Filters change the address of a screen, another draft is another screen. */
function useScreenNotices(): void {
  const screen = useRouterState({
    select: ({ location: { pathname, search } }) => `${pathname} ${String(Reflect.get(search, 'draft'))}`,
  });
  useEffect(leaveScreen, [screen]);
}

/** The hash belongs to the router, so the skip link moves focus in code. */
function focusMain(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
