// The part of @napi-rs/keyring that the product uses, backed by a file of changes.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

const file = process.env.POWER_LOSS_KEYCHAIN;
const secrets = new Map();
if (existsSync(file)) {
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { ref, secret } = JSON.parse(line);
    secrets.set(ref, secret);
  }
}

function change(ref, secret) {
  appendFileSync(file, `${JSON.stringify({ ref, secret })}\n`);
  secrets.set(ref, secret);
}

export class AsyncEntry {
  constructor(_service, ref) {
    this.ref = ref;
  }

  async getPassword() {
    return secrets.get(this.ref) ?? null;
  }

  async setPassword(secret) {
    change(this.ref, secret);
  }

  async deletePassword() {
    change(this.ref, null);
  }
}
