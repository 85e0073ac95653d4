import type { EditorTab } from '../tabs';

const BY_ELEMENT = new Set(['messages', 'tools']);

/** Where a problem is shown: at its field; in lists at the field of the element, such as `tools.0.name`. */
export function fieldOfPath(path: string): string {
  const steps = path.split(/[./]/);
  const [field = path] = steps;
  return BY_ELEMENT.has(field) ? steps.slice(0, 3).join('.') : field;
}

const TABS: Readonly<Record<string, EditorTab>> = {
  inference_params: 'parameters',
  response_schema: 'parameters',
  tools: 'tools',
  tool_choice: 'tools',
  message: 'details',
  description: 'details',
  workspace_id: 'details',
  grounding_mode: 'details',
  country_set: 'details',
  als: 'details',
  model_version_constraint: 'details',
  fingerprint_allowlist: 'details',
};

/** The tab that shows a field; the current one, where it stands outside the tabs. */
export function tabOfField(field: string, current: EditorTab): EditorTab {
  return TABS[field.split('.')[0] ?? ''] ?? current;
}
