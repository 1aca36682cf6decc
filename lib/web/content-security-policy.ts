/**
 * What a page may load and do: nothing but our own. The framework's inline scripts carry the nonce, which is new with
 * every answer. Style attributes are allowed, because lengths that depend on data are written there.
 */
export function contentSecurityPolicy(nonce: string, { dev }: { dev: boolean }): string {
  // React explains itself with eval while developing.
  const evaluate = dev ? " 'unsafe-eval'" : "";
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'${evaluate}`,
    `style-src 'self' ${dev ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
