import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

export const MINIMUM_SIZE = { width: 800, height: 560 };
const DEFAULT = { width: 1280, height: 840, maximized: false };

const windowStateSchema = z.object({
  x: z.number().int().optional(),
  y: z.number().int().optional(),
  width: z.number().int().min(MINIMUM_SIZE.width),
  height: z.number().int().min(MINIMUM_SIZE.height),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The window's last position, or the default if that is unknown or its screen is gone. */
export function readWindowState(file: string, screens: readonly Area[]): WindowState {
  const state = parse(file);
  if (state === null) return DEFAULT;
  const { x, y, ...size } = state;
  const visible = x !== undefined && y !== undefined && screens.some((screen) => contains(screen, x, y));
  return visible ? state : size;
}

export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state));
  } catch {
    // Ignored, even a full disk: a window that refuses to close would be worse.
  }
}

function parse(file: string): WindowState | null {
  try {
    return windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // First start, or a file in another format: a window position is not worth an error.
    return null;
  }
}

function contains(screen: Area, x: number, y: number): boolean {
  return x >= screen.x && y >= screen.y && x < screen.x + screen.width && y < screen.y + screen.height;
}
