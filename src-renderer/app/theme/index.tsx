import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './tokens.css';
import './global.css';
import './kit.css';

import { MantineProvider } from '@mantine/core';
import { useColorScheme } from '@mantine/hooks';
import { useEffect, type ReactNode } from 'react';
import { preferences } from '../../preferences';
import { cssVariables, theme } from './theme';

/** The nonce that the host wrote into this page load. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const wanted = preferences((state) => state.theme);
  const density = preferences((state) => state.density);
  const system = useColorScheme('light', { getInitialValueInEffect: false });

  useEffect(() => {
    document.documentElement.dataset['density'] = density;
  }, [density]);

  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={wanted === 'system' ? system : wanted}
      getStyleNonce={() => nonce}
    >
      {children}
    </MantineProvider>
  );
}
