/**
 * Loaded with `--import` before a program that contacts its vendor's servers regardless of its settings: fails every
 * lookup except this machine's names, as without a network.
 */
import dns from 'node:dns';

type Failed = (error: NodeJS.ErrnoException) => void;

const LOCAL: ReadonlySet<unknown> = new Set(['localhost', '127.0.0.1', '::1']);
const isCallback = (value: unknown): value is Failed => typeof value === 'function';
const { lookup } = dns;

Reflect.set(dns, 'lookup', (hostname: unknown, ...rest: unknown[]): void => {
  if (LOCAL.has(hostname)) return void Reflect.apply(lookup, dns, [hostname, ...rest]);
  const callback = rest.at(-1);
  if (!isCallback(callback)) throw new Error('dns.lookup without a callback');
  const error = new Error(`getaddrinfo ENOTFOUND ${String(hostname)}`);
  process.nextTick(() => callback(Object.assign(error, { code: 'ENOTFOUND', syscall: 'getaddrinfo' })));
});
