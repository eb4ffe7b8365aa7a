// The API, asked from outside the browser: what the page shows is held against it, and it against a downloaded file.

/** JSON of a path of the server. */
export async function json(server, path) {
  const response = await fetch(server.url + path, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** How many features of a collection a filter leaves. */
export async function count(server, collection, query = '') {
  const { numberMatched } = await json(
    server,
    `/collections/${collection}/items?limit=1${query && `&${query}`}`,
  );
  return numberMatched;
}

/** Every feature of a collection, from its download: no filter of the service has touched it. */
export async function everything(server, collection) {
  const response = await fetch(`${server.url}/downloads/${collection}.geojsonseq`);
  if (!response.ok) throw new Error(`downloads/${collection}: ${response.status}`);
  const text = await response.text();
  return text
    .replaceAll('\u001e', '')
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => JSON.parse(line));
}

/** The bytes of a body as it comes gzip-coded: what the budgets are written in. */
export async function gzipBytes(url) {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => (bytes += chunk.length));
      response.on('end', () => resolve(bytes));
    })
      .on('error', reject)
      .end();
  });
}
