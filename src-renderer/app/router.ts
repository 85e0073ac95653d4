import { createHashHistory } from '@tanstack/react-router';
import { routerOf } from './routes';
import { SCREENS } from './screens';

/** The window's router. Hash history survives a reload and deep links without any rewriting by the host. */
export const router = routerOf(SCREENS, createHashHistory());
