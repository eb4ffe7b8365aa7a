/** The address of the map to be put into another page, made from the one of this page. */
export function embedUrl(page: URL, base: string): URL {
  const url = new URL('embed/map', base);
  // a page under https cannot frame one that is not
  if (url.protocol === 'http:' && !isLocal(url.hostname)) url.protocol = 'https:';
  for (const [key, value] of page.searchParams) if (key !== 'e2e') url.searchParams.set(key, value);
  url.hash = page.hash;
  return url;
}

const isLocal = (host: string) => host === 'localhost' || host === '127.0.0.1' || host === '[::1]';

const escapeAttribute = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** The lines of HTML that put the map into another page, and a link for whoever cannot see it there. */
export function embedCode(page: URL, base: string, title: string, linkText: string): string {
  const src = escapeAttribute(embedUrl(page, base).href);
  const link = escapeAttribute(page.href);
  return (
    `<iframe src="${src}" title="${escapeAttribute(title)}" width="100%" height="500" style="border:0" loading="lazy" ` +
    `allowfullscreen allow="geolocation; fullscreen" referrerpolicy="strict-origin-when-cross-origin"></iframe>\n` +
    `<p><a href="${link}">${escapeAttribute(linkText)}</a></p>`
  );
}
