interface CarriedValues {
  readonly templateId: string;
  readonly values: Readonly<Record<string, string>>;
}

let carried: CarriedValues | undefined;

/** Takes the values that a template was tried with along to the comparison that opens next. */
export function carryValues(templateId: string, values: CarriedValues['values']): void {
  carried = { templateId, values };
}

/** The values for this template; given once, so that a row that was removed does not come back. */
export function takeCarriedValues(templateId: string): CarriedValues['values'] | null {
  if (carried?.templateId !== templateId) return null;
  const { values } = carried;
  carried = undefined;
  return values;
}
