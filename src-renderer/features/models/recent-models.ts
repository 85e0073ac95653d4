import * as z from 'zod';
import { create } from 'zustand';

const KEY = 'prompter.recentModels';
const KEPT = 6;

const recentModelSchema = z.object({ connection_id: z.string(), model_id: z.string() });
export type RecentModel = z.infer<typeof recentModelSchema>;

/** Models that were picked last, latest first. */
export const recentModels = create<{ readonly items: readonly RecentModel[] }>()(() => ({ items: stored() }));

function stored(): RecentModel[] {
  try {
    return z.array(recentModelSchema).parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'));
  } catch {
    return [];
  }
}

export function rememberModel({ connection_id, model_id }: RecentModel): void {
  const others = recentModels
    .getState()
    .items.filter((known) => known.connection_id !== connection_id || known.model_id !== model_id);
  const items = [{ connection_id, model_id }, ...others].slice(0, KEPT);
  recentModels.setState({ items });
  localStorage.setItem(KEY, JSON.stringify(items));
}
