// Other servers of a run: a proxy that publishes the service under a path, a foreign page that embeds it.
import { createServer, request } from 'node:http';

const servers = new Set();

async function listen(server) {
  servers.add(server);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

/** Publishes `upstream` under `/carto`: everything else is not found. `strip` takes the path off before it passes on. */
export async function proxy(upstream, { strip }) {
  const { hostname, port } = new URL(upstream);
  const server = createServer((incoming, outgoing) => {
    if (!/^\/carto(\/|$)/.test(incoming.url)) {
      outgoing.writeHead(404, { 'content-type': 'text/plain' }).end('outside /carto');
      return;
    }
    const path = strip ? incoming.url.replace(/^\/carto\/?/, '/') : incoming.url;
    const headers = {
      ...incoming.headers,
      'x-forwarded-host': incoming.headers.host,
      'x-forwarded-proto': 'http',
    };
    const asked = request({ hostname, port, path, method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(asked);
  });
  const url = await listen(server);
  return { url: `${url}/carto` };
}

/** A page of another origin (another port). */
export async function host(html) {
  const server = createServer((_, answer) =>
    answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html),
  );
  return { url: await listen(server) };
}

export function closeOthers() {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers.clear();
}
