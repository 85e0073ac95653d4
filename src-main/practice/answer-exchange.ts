import type { Exchange, Reply } from './exchange';
import { VENDORS } from './vendors';

/** The vendor's answer to an exchange. Delivery faults (latency, cuts, …) are applied afterwards. */
export function answerExchange(exchange: Exchange): Reply {
  const vendor = VENDORS[exchange.vendor];
  const refusal = vendor.refuseKey(exchange);
  if (refusal !== undefined) return refusal;
  const { faults } = exchange;
  const status = faults.status ?? (faults.retry_after === undefined ? undefined : 429);
  if (status !== undefined) return vendor.statusFault(exchange, status);
  const answer = exchange.answer ?? vendor.unknownPath;
  return vendor.refuseVersion(exchange) ?? answer(exchange);
}
