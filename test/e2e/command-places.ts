import type { Page } from '@playwright/test';
import { expect } from './app.fixture';

/** Where a command is tried: an address, and what makes it possible there. */
export interface Place {
  readonly path: string;
  /** What is on the screen once it can be used. */
  readonly ready: (page: Page) => Promise<void>;
  readonly prepare?: (page: Page) => Promise<void>;
}

export const headed = (name: string | RegExp) => (page: Page) =>
  expect(page.getByRole('heading', { name }).first()).toBeVisible();
export const rows = (page: Page) => expect(page.getByRole('row').nth(1)).toBeVisible();
export const button = (name: string | RegExp) => (page: Page) =>
  expect(page.getByRole('button', { name }).first()).toBeVisible();
export const press =
  (...keys: readonly string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

/** The place, after these keys. */
export const after = (place: Place, ...keys: readonly string[]): Place => ({
  ...place,
  prepare: press(...keys),
});
