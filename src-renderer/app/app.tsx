import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { IntlProvider } from 'react-intl';
import { preferences, resolveLocale } from '../preferences';
import { connection, createQueryClient, followChanges, useAwake } from '../rpc';
import { ErrorBoundary } from './error-boundary';
import { router } from './router';
import { SessionExpired } from './session-expired';
import { ThemeProvider } from './theme';

export function App() {
  const [queryClient] = useState(createQueryClient);
  const locale = preferences((state) => resolveLocale(state.formatLocale));
  const session = connection((state) => state.session);
  const awake = useAwake();
  const followed = useRef(false);

  useEffect(() => {
    const stop = new AbortController();
    if (session === 'ok' && awake) {
      void followChanges(queryClient, stop.signal, followed.current);
      followed.current = true;
    }
    return () => stop.abort();
  }, [queryClient, session, awake]);

  return (
    <ThemeProvider>
      <IntlProvider locale={locale} defaultLocale="en" onError={ignoreMissingMessages}>
        <ErrorBoundary>
          <QueryClientProvider client={queryClient}>
            {session === 'expired' ? <SessionExpired /> : <RouterProvider router={router} />}
          </QueryClientProvider>
          <Notifications position="bottom-right" limit={3} />
        </ErrorBoundary>
      </IntlProvider>
    </ThemeProvider>
  );
}

/** The interface is in English; the locale chooses formats. A missing translation is not an event. */
function ignoreMissingMessages(): void {}
