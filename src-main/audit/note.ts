import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { Digest } from './tree';

/** A checkpoint (C2SP tlog-checkpoint): the log had this many entries, with this root. */
export interface Checkpoint {
  /** The log's name, generated once per installation and replaced only by a restore. */
  readonly origin: string;
  readonly size: number;
  readonly root: Digest;
}

/** A checkpoint signing key, with its public half as text (C2SP signed-note: `name+hash+base64`). */
export interface NoteSigner {
  readonly verifierKey: string;
  sign(checkpoint: Checkpoint): string;
}

/** Signature algorithm 1 of signed notes. */
const ED25519 = 0x01;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const SIGNATURE_BYTES = 64;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;

/** A new Ed25519 private key as text, for the keychain. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

/** @throws if the secret is not an Ed25519 private key */
export function noteSigner(origin: string, secret: string): NoteSigner {
  const privateKey = createPrivateKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'pkcs8' });
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  const id = keyId(origin, publicKey);
  return {
    verifierKey: `${origin}+${id.toString('hex')}+${Buffer.concat([Buffer.of(ED25519), publicKey]).toString('base64')}`,
    sign(checkpoint) {
      const body = bodyOf(checkpoint);
      const signature = sign(null, Buffer.from(body), privateKey);
      return `${body}\n— ${origin} ${Buffer.concat([id, signature]).toString('base64')}\n`;
    },
  };
}

/** The note's checkpoint if this key's signature is valid; otherwise null. */
export function openNote(note: string, verifierKey: string): Checkpoint | null {
  const signed = openSigned(note, verifierKey);
  const checkpoint = signed && parseBody(signed.body);
  return checkpoint?.origin === signed?.signer ? checkpoint : null;
}

/** A note's text and signer, if this key's signature is valid (C2SP signed-note). */
export function openSigned(note: string, verifierKey: string): { body: string; signer: string } | null {
  // Signatures follow the last empty line; the text may contain others.
  const end = note.lastIndexOf('\n\n');
  const key = parseVerifierKey(verifierKey);
  if (end < 0 || key === null) return null;
  const body = note.slice(0, end + 1);
  // Other signature lines belong to witnesses; one valid signature by this key is enough.
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '' || !lines.every((line) => SIGNATURE_LINE.test(line))) return null;
  const signed = lines.some((line) => {
    const [, name, blob] = SIGNATURE_LINE.exec(line) ?? [];
    if (name !== key.name || blob === undefined) return false;
    const bytes = fromBase64(blob);
    return (
      bytes?.length === KEY_ID_BYTES + SIGNATURE_BYTES &&
      bytes.subarray(0, KEY_ID_BYTES).equals(key.id) &&
      verify(null, Buffer.from(body), key.publicKey, bytes.subarray(KEY_ID_BYTES))
    );
  });
  return signed ? { body, signer: key.name } : null;
}

function bodyOf({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

function parseBody(body: string): Checkpoint | null {
  const [origin, digits, rootText] = body.split('\n');
  if (!origin || !/^(0|[1-9][0-9]{0,15})$/.test(digits ?? '') || rootText === undefined) return null;
  const checkpoint = { origin, size: Number(digits), root: Buffer.from(rootText, 'base64') };
  // Must serialise to the same text, so that nothing can be smuggled in that the parser ignores.
  return body === bodyOf(checkpoint) && checkpoint.root.length === KEY_BYTES ? checkpoint : null;
}

interface VerifierKey {
  readonly name: string;
  readonly id: Buffer;
  readonly publicKey: KeyObject;
}

function parseVerifierKey(text: string): VerifierKey | null {
  const [, name, id, blob] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  if (name === undefined || id === undefined || blob === undefined) return null;
  const bytes = fromBase64(blob);
  if (bytes === null) return null;
  const raw = bytes.subarray(1);
  if (bytes[0] !== ED25519 || raw.length !== KEY_BYTES || keyId(name, raw).toString('hex') !== id)
    return null;
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
  return { name, id: Buffer.from(id, 'hex'), publicKey };
}

/** Null unless canonical: stray bits of the last character could carry anything. */
function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function keyId(name: string, publicKey: Uint8Array): Buffer {
  const text = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), publicKey]);
  return hash('sha256', text, 'buffer').subarray(0, KEY_ID_BYTES);
}

function rawPublicKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}
