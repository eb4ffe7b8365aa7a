/** The address of something of ours, under the base path of the page. */
export function ours(path: string, query: Record<string, string> = {}): string {
  const url = new URL(path, document.baseURI);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url.href;
}

/** A link found in data, if a page may point to it: an absolute http(s) URL; else null. */
export function webLink(value: unknown): string | null {
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value.trim())) return null;
  try {
    return new URL(value.trim()).href;
  } catch {
    return null;
  }
}
