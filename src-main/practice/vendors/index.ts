import type { PracticeVendor } from '../../../src-shared/domain';
import type { Vendor } from '../exchange';
import { anthropic } from './anthropic';
import { google } from './google';
import { openAi } from './openai';

/** The simulated vendors, each under its own prefix. */
export const VENDORS: Readonly<Record<PracticeVendor, Vendor>> = { openai: openAi, anthropic, google };
