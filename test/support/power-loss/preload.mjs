// Loaded into the recorded process before the product (`NODE_OPTIONS=--import`). It stands in for the two things outside the
// store that the suite has to decide about:
// - the keychain: POWER_LOSS_KEYCHAIN is a file that grows by a line for each change, so that the recording says at which
//   moment the keychain knew what;
// - with POWER_LOSS_SYNCHRONOUS, how often SQLite syncs, whatever the product asks for and reads back.
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
    // The product checks what it has set.
    if (source === 'synchronous') return 2;
    return pragma.call(this, source, options);
  };
}
