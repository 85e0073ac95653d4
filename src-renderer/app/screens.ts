import { listed } from '../addresses';
import { analytics } from '../features/analytics/screen';
import { audit } from '../features/audit/screen';
import { comparison, comparisons, newComparison } from '../features/compare/screen';
import { newTemplate, template } from '../features/editor/screen';
import { providers } from '../features/providers/screen';
import { review } from '../features/review/screen';
import { runs } from '../features/runs/screen';
import { settings } from '../features/settings/screen';
import { sync } from '../features/sync/screen';
import { promptHistory, templates } from '../features/templates/screen';
import { versions } from '../features/versions/screen';

/** Every screen, in the order of the rail. Router, rail, `go.*` commands and palette derive from this list alone. */
export const SCREENS = [
  templates,
  promptHistory,
  newTemplate,
  template,
  comparisons,
  newComparison,
  comparison,
  runs,
  review,
  versions,
  analytics,
  providers,
  audit,
  sync,
  settings,
] as const;

export const LISTED = listed(SCREENS);
export type ListedPath = (typeof LISTED)[number]['path'];
