// Loaded into the recorded process before the product (`NODE_OPTIONS=--import`). It replaces two things outside the
// store that the suite must control:
// - the keychain: POWER_LOSS_KEYCHAIN is a file that gains a line per change, so that the recording shows what the
//   keychain held at each moment;
// - with POWER_LOSS_SYNCHRONOUS, how often SQLite syncs, regardless of what the product sets and reads back.
import { registerHooks } from 'node:module';
import Database from 'better-sqlite3';

const keyring = new URL('keyring.mjs', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@napi-rs/keyring' ? { url: keyring, shortCircuit: true } : next(specifier, context),
});

const lowered = process.env.POWER_LOSS_SYNCHRONOUS;
if (lowered !== undefined) {
  const pragma = Database.prototype.pragma;
  Database.prototype.pragma = function (source, options) {
    if (source === 'synchronous = FULL') return pragma.call(this, `synchronous = ${lowered}`, options);
    // The product reads back what it has set.
    if (source === 'synchronous') return 2;
    return pragma.call(this, source, options);
  };
}
