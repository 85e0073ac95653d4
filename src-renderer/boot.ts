import * as z from 'zod';
import { listenForElectronPort } from './rpc/electron-port';

/** The part of the Trusted Types API that is used here; not every DOM library describes it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes;
  }
}

// Runs before everything else. Mantine writes CSS through innerHTML, so a default policy must exist; it lets
// text without markup through and refuses anything that could become an element (UX.md, CSP recipe).
window.trustedTypes?.createPolicy('default', {
  createHTML(text) {
    if (text.includes('<')) throw new TypeError('HTML is never written from strings here.');
    return text;
  },
});

// Zod would try whether it may compile code, which the content policy reports as a violation.
z.config({ jitless: true });

listenForElectronPort();

// Imported late, so that nothing of the interface is evaluated before the lines above.
void import('./main');
