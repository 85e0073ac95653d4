// A process that owns a store until killed or told to close: `node store-child-process.mjs BUNDLE HOME`, with
// src-main/store/index.ts as a bundle. It writes one setting through the group commit, announces a URL, prints "ready"
// and waits for its stdin to end. If it cannot open the store, it prints "refused: CODE".
const [bundle, home] = process.argv.slice(2);
const storeModule = await import(bundle);

function open() {
  try {
    return storeModule.openStore({
      home,
      ids: { uuid: () => crypto.randomUUID() },
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      logger: { log() {} },
      appVersion: '0.0.0-child',
    });
  } catch (error) {
    process.stdout.write(`refused: ${error.code}\n`);
    process.exit(1);
  }
}

const store = open();
await store.enqueue((tx) => storeModule.putSetting(tx, 'written-by', String(process.pid)));
storeModule.announceOwner(store, { url: 'http://127.0.0.1:4711/?token=secret', key: 'k'.repeat(43) });
process.stdin.on('end', () => {
  store.close();
  process.exit(0);
});
process.stdin.resume();
process.stdout.write('ready\n');
