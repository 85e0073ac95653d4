import { createServer, Socket, type AddressInfo } from 'node:net';
import { once } from 'node:events';

/** What happens to a connection once `after` bytes have passed since it began. */
export interface Toxin {
  /**
   * `cut`: both ends notice; `half-open`: neither does, and nothing passes any more; `delay`: everything arrives
   * late.
   */
  readonly kind: 'none' | 'cut' | 'half-open' | 'delay' | 'refuse';
  /** The direction in which bytes are counted. */
  readonly way: 'up' | 'down';
  readonly after: number;
}

export interface ToxicProxy {
  readonly port: number;
  /** Assigns toxins to the next connections in order; later ones are left alone. */
  poison(toxins: readonly Toxin[]): void;
  /** Leaves new connections alone, but calls `strike` when the first one has passed this many bytes. */
  at(place: Pick<Toxin, 'way' | 'after'>, strike: () => void): void;
  /** Cuts all current and new connections until the line is restored. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

type Fate = Toxin & { readonly strike?: () => void };

const HEALTHY: Fate = { kind: 'none', way: 'up', after: 0 };
const REFUSED: Fate = { ...HEALTHY, kind: 'refuse' };
/** Piece size for `delay`: each piece arrives separately, in a later turn of the event loop. */
const PIECE = 700;

/** A local TCP proxy that disrupts connections on demand. */
export async function startToxicProxy(target: { host: string; port: number }): Promise<ToxicProxy> {
  let fates: Fate[] = [];
  let whole = true;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const toxin = whole ? (fates.shift() ?? HEALTHY) : REFUSED;
    open.add(client);
    client.on('error', () => undefined);
    if (toxin.kind === 'refuse') {
      client.destroy();
      return;
    }
    const upstream = new Socket().connect(target.port, target.host);
    open.add(upstream);
    upstream.on('error', () => undefined);
    const passed = { up: 0, down: 0 };
    let stuck = false;
    const pass = (way: Toxin['way'], to: Socket, bytes: Buffer): void => {
      if (stuck) return;
      const left = toxin.way === way && toxin.kind !== 'delay' ? toxin.after - passed[way] : Infinity;
      passed[way] += bytes.length;
      if (left >= 0 && bytes.length > left) toxin.strike?.();
      if (toxin.kind === 'none' || bytes.length < left) {
        if (!to.destroyed) to.write(bytes);
        return;
      }
      if (left > 0) to.write(bytes.subarray(0, left));
      stuck = true;
      if (toxin.kind === 'cut') {
        client.resetAndDestroy();
        upstream.resetAndDestroy();
      }
    };
    const passLate = (from: Socket, way: Toxin['way'], to: Socket, bytes: Buffer): void => {
      from.pause();
      let at = 0;
      const next = (): void => {
        if (at >= bytes.length) {
          from.resume();
          return;
        }
        pass(way, to, bytes.subarray(at, at + PIECE));
        at += PIECE;
        setImmediate(next);
      };
      setImmediate(next);
    };
    const forward = (from: Socket, way: Toxin['way'], to: Socket): void => {
      from.on('data', (bytes) =>
        toxin.kind === 'delay' ? passLate(from, way, to, bytes) : pass(way, to, bytes),
      );
      from.on('close', () => {
        open.delete(from);
        // A half-open line swallows its own end as well.
        if (!stuck || toxin.kind === 'cut') to.end();
      });
    };
    forward(client, 'up', upstream);
    forward(upstream, 'down', client);
  });
  const endAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address
    port: (server.address() as AddressInfo).port,
    poison(next) {
      fates = [...next];
    },
    at(place, strike) {
      fates = [{ ...place, kind: 'none', strike }];
    },
    cut() {
      whole = false;
      endAll();
    },
    mend() {
      whole = true;
    },
    async close() {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
