import * as z from 'zod';
import { listenForElectronPort } from './rpc/electron-port';

/** The part of the Trusted Types API that is used here; not every DOM library describes it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypes;
    /** Read by get-nonce, which the scroll lock under every dialog uses. */
    __webpack_nonce__?: string;
  }
}

// Runs before everything else. Mantine writes CSS through innerHTML, so a default policy must exist; it lets
// text without markup through and refuses anything that could become an element (docs/reliability.md#the-page).
window.trustedTypes?.createPolicy('default', {
  createHTML(text) {
    if (text.includes('<')) throw new TypeError('HTML is never written from strings here.');
    return text;
  },
});

// Zod would test whether it may compile code, which the content policy reports as a violation.
z.config({ jitless: true });

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
if (nonce) window.__webpack_nonce__ = nonce;

listenForElectronPort();

// Imported dynamically, so that the lines above run before any other code.
void import('./main');
