import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Blue for fills and accents; Mantine's default fails contrast (docs/screens.md#colours). */
const brand: MantineColorsTuple = [
  '#eef3ff',
  '#dde6fd',
  '#bccdfa',
  '#8fb0ff',
  '#6a90f2',
  '#4a74e4',
  '#2f5bd7',
  '#264bb5',
  '#1f3e96',
  '#183077',
];

/** Where tooltips, lists and dialogs are mounted: inside the main landmark rather than outside every landmark. */
export const OVERLAYS = 'overlays';

const compactInput = { defaultProps: { size: 'xs' } };

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 6, dark: 7 },
  colors: { brand },
  defaultRadius: 4,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'var(--p-font)',
  fontFamilyMonospace: 'var(--p-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '16px', sm: '18px', md: '18px', lg: '20px', xl: '24px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  components: {
    ActionIcon: { defaultProps: { size: 26 } },
    Autocomplete: compactInput,
    Checkbox: compactInput,
    Modal: {
      defaultProps: {
        transitionProps: { duration: 0 },
        overlayProps: { opacity: 0.45 },
        // A dialog's header must not count as the page's banner.
        attributes: { header: { role: 'presentation' } },
      },
    },
    MultiSelect: compactInput,
    NumberInput: compactInput,
    PasswordInput: compactInput,
    Portal: { defaultProps: { target: `#${OVERLAYS}` } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 0 } },
    Select: { defaultProps: { size: 'xs', allowDeselect: false, withCheckIcon: true } },
    Switch: compactInput,
    Textarea: compactInput,
    TextInput: compactInput,
    Tooltip: {
      defaultProps: {
        openDelay: 350,
        multiline: true,
        maw: 320,
        transitionProps: { duration: 0 },
        events: { hover: true, focus: true, touch: false },
      },
    },
  },
});

const shared = {
  '--mantine-color-body': 'var(--p-bg)',
  '--mantine-color-text': 'var(--p-text)',
  '--mantine-color-dimmed': 'var(--p-muted)',
  '--mantine-color-placeholder': 'var(--p-muted)',
  '--mantine-color-error': 'var(--p-danger)',
  '--mantine-color-anchor': 'var(--p-accent)',
  '--mantine-color-default': 'var(--p-bg)',
  '--mantine-color-default-hover': 'var(--p-hover)',
  '--mantine-color-default-color': 'var(--p-text)',
  '--mantine-color-default-border': 'var(--p-border)',
  '--mantine-color-disabled': 'var(--p-surface)',
  '--mantine-color-disabled-color': 'var(--p-muted)',
  '--mantine-color-disabled-border': 'var(--p-line)',
  '--mantine-primary-color-filled': 'var(--p-fill)',
  '--mantine-primary-color-filled-hover': 'var(--p-fill-hover)',
  '--mantine-primary-color-light': 'var(--p-selected)',
  '--mantine-primary-color-light-hover': 'var(--p-hover)',
  '--mantine-primary-color-light-color': 'var(--p-accent)',
  '--mantine-color-brand-filled': 'var(--p-fill)',
  '--mantine-color-brand-filled-hover': 'var(--p-fill-hover)',
  '--mantine-color-brand-light': 'var(--p-selected)',
  '--mantine-color-brand-light-color': 'var(--p-accent)',
  '--mantine-color-brand-outline': 'var(--p-accent)',
  '--mantine-color-gray-light-color': 'var(--p-muted)',
  '--mantine-color-gray-light-hover': 'var(--p-hover)',
  '--mantine-color-gray-light': 'var(--p-surface)',
  '--mantine-color-red-light-color': 'var(--p-danger)',
  '--mantine-color-red-light': 'var(--p-danger-fill)',
  '--mantine-color-red-light-hover': 'var(--p-danger-fill)',
  '--mantine-color-red-outline': 'var(--p-danger)',
  '--mantine-color-red-filled': '#b3124f',
  '--mantine-color-red-filled-hover': '#8f0f40',
};

/** Maps Mantine's variables to our tokens in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
