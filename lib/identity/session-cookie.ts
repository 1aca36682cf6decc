/** Over https only the `__Secure-` cookie counts: the other could be planted by whoever controls a plain connection. */
export function isSecureSite(publicUrl: string): boolean {
  return publicUrl.startsWith("https://");
}

/** The name of next-auth's session cookie. */
export function sessionCookieOf(publicUrl: string): string {
  return `${isSecureSite(publicUrl) ? "__Secure-" : ""}next-auth.session-token`;
}
