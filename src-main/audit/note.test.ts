import { describe, expect, it } from 'vitest';
import { newSigningKey, noteSigner, openNote, openSigned } from './note';
import { leafHash } from './tree';

const origin = 'prompter.local/test';
const signer = noteSigner(origin, newSigningKey());
const checkpoint = { origin, size: 1234, root: leafHash(Buffer.from('x')) };

describe('a checkpoint note', () => {
  it('has the form that C2SP describes', () => {
    const note = signer.sign(checkpoint);
    const lines = note.split('\n');
    expect(lines.slice(0, 4)).toEqual([origin, '1234', checkpoint.root.toString('base64'), '']);
    expect(lines[4]).toMatch(/^— prompter\.local\/test [A-Za-z0-9+/]{91}=$/);
    expect(lines).toHaveLength(6);
    expect(signer.verifierKey).toMatch(/^prompter\.local\/test\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/);
  });

  it('opens under its own key, beside the signatures of others, and under no other key', () => {
    const note = signer.sign(checkpoint);
    expect(openNote(note, signer.verifierKey)).toEqual(checkpoint);
    expect(openNote(`${note}— witness.example AAAA\n`, signer.verifierKey)).toEqual(checkpoint);
    expect(openNote(note, noteSigner(origin, newSigningKey()).verifierKey)).toBeNull();
    expect(openNote(note, noteSigner('prompter.local/other', newSigningKey()).verifierKey)).toBeNull();
  });

  /** The example of Go's `sumdb/note`, where the format comes from: made by another implementation. */
  it('reads the published example of a signed note', () => {
    const key = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const body =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const signature =
      'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';
    const note = `${body}\n— PeterNeumann ${signature}\n`;
    expect(openSigned(note, key)).toEqual({ body, signer: 'PeterNeumann' });
    expect(openNote(note, key)).toBeNull();
  });

  it('refuses every changed character', () => {
    const note = signer.sign(checkpoint);
    for (let index = 0; index < note.length - 1; index++) {
      const changed = `${note.slice(0, index)}${note[index] === 'A' ? 'B' : 'A'}${note.slice(index + 1)}`;
      const opened = openNote(changed, signer.verifierKey);
      if (opened !== null) expect.fail(`character ${index} of the note`);
    }
  });

  it.each(['', '\n\n', 'a\nb\nc\n\n', `${origin}\n01\nAAAA\n\n— ${origin} AAAA\n`])('refuses %j', (text) => {
    expect(openNote(text, signer.verifierKey)).toBeNull();
    expect(openNote(signer.sign(checkpoint), text)).toBeNull();
  });
});
