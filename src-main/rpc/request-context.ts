/** What a host says about a request, and what a procedure may reply. */
export interface RequestContext {
  /** The `Idempotency-Key` header, for hosts that have headers; the input's own key wins. */
  readonly idempotencyKey?: string;
  /** A status other than the contract's (200 for a replay); hosts without statuses ignore it. */
  readonly respond: { status?: number };
}

export function requestContext(idempotencyKey?: string): RequestContext {
  return { idempotencyKey, respond: {} };
}
