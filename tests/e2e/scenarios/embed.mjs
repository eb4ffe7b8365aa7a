// Scenario 10: the map in a page of another origin.
import assert from 'node:assert/strict';
import { host } from '../lib/others.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { Stage } from '../lib/stage.mjs';
import { reunion } from '../lib/world.mjs';

const pageWith = (
  src,
  more = '',
) => `<!doctype html><html lang="fr"><title>Hôte</title><link rel="icon" href="data:,">
<iframe id="map" src="${src}" title="Carte" width="900" height="500" style="border:0" ${more}></iframe>
<script>window.heard = []; addEventListener('message', (event) => heard.push({ origin: event.origin, data: event.data }));</script></html>`;

/** Opens a page of another origin that frames a path of the service. */
async function framed(path, body, attributes = '') {
  const { url } = await reunion();
  const other = await host(pageWith(`${url}${path}`, attributes));
  const stage = await Stage.open(other, { origins: [url] });
  try {
    await stage.page.goto(other.url);
    await body(stage, stage.page.frameLocator('#map'), url);
    await stage.assertClean();
  } catch (error) {
    error.message += `\n  seen: ${await stage.keep(`embed ${path}`)}`;
    throw error;
  } finally {
    await stage.close();
  }
}

const frameOf = (stage, path) => stage.page.frames().find((frame) => frame.url().includes(path));

scenario(
  '10 in another page: the map without the rest, told in French how to be moved, its way out',
  async () => {
    await framed('/embed/map?e2e=1&theme=health#map=10/-21.13/55.53', async (stage, frame, url) => {
      await frame.locator('canvas').waitFor();
      const inner = frameOf(stage, '/embed/map');
      await eventually('the map rests', () => inner.evaluate(() => Boolean(document.body.dataset.mapIdle)));
      assert.equal(await frame.getByRole('combobox').count(), 0, 'no search unless it is switched on');
      assert.equal(await frame.getByRole('tab').count(), 0, 'no panel unless it is switched on');
      await frame.getByRole('button', { name: 'Zoomer', exact: true }).waitFor();
      await frame.locator('canvas').hover();
      await stage.page.mouse.wheel(0, 200);
      await eventually('it is told how to zoom', async () =>
        /Ctrl \+ molette/.test(await frame.locator('body').innerText()),
      );
      const out = await frame.getByRole('link', { name: 'Voir en grand' }).getAttribute('href');
      const full = new URL(out);
      assert.equal(full.origin + full.pathname, `${url}/`);
      assert.equal(full.searchParams.get('theme'), 'health');
      assert.match(full.hash, /#map=10\//);
      await stage.shot('embed');
    });
  },
);

scenario(
  '10 it tells its host its height and what is chosen, takes a filter, and from its host alone',
  async () => {
    await framed('/embed/map?e2e=1&list=1', async (stage, frame, url) => {
      await frame.locator('canvas').waitFor();
      const heard = () => stage.page.evaluate(() => window.heard);
      const resize = await eventually('its height is told', async () =>
        (await heard()).find(({ data }) => data.type === 'carto:resize'),
      );
      assert.equal(resize.origin, url);
      assert.equal(resize.data.v, 1);
      assert.ok(resize.data.height > 0);
      await stage.page.evaluate(() =>
        document
          .getElementById('map')
          .contentWindow.postMessage({ type: 'carto:set', v: 1, query: 'theme=sport' }, '*'),
      );
      const inner = frameOf(stage, '/embed/map');
      await eventually(
        'the filter is taken',
        () => new URL(inner.url()).searchParams.get('theme') === 'sport',
      );
    });
  },
);

scenario('10 in a sandbox: the map, filters from the host, the way out in a tab of its own', async () => {
  await framed(
    '/embed/map?e2e=1&theme=health#map=10/-21.13/55.53',
    async (stage, frame) => {
      await frame.locator('canvas').waitFor();
      const inner = frameOf(stage, '/embed/map');
      await eventually('the map rests', () => inner.evaluate(() => Boolean(document.body.dataset.mapIdle)));
      await stage.page.evaluate(() =>
        document
          .getElementById('map')
          .contentWindow.postMessage({ type: 'carto:set', v: 1, query: 'theme=sport' }, '*'),
      );
      await eventually(
        'the filter is taken',
        () => new URL(inner.url()).searchParams.get('theme') === 'sport',
      );
      const opened = stage.context.waitForEvent('page');
      await frame.getByRole('link', { name: 'Voir en grand' }).click();
      assert.equal(new URL((await opened).url()).searchParams.get('theme'), 'sport');
    },
    'sandbox="allow-scripts allow-same-origin allow-popups"',
  );
});

scenario(
  '10 in a sandbox without an origin: it says that there is no map, and the rest is there',
  async () => {
    await framed(
      '/embed/map?list=1',
      async (stage, frame) => {
        stage.allow(/^(?!uncaught)/);
        await eventually('rows', async () => (await frame.locator('ol.rows > li').count()) > 5);
      },
      'sandbox="allow-scripts"',
    );
  },
);

scenario('10 who may frame what', async (stage) => {
  const { url } = await reunion();
  const policy = async (path) =>
    (await fetch(url + path, { headers: { accept: 'text/html' } })).headers.get('content-security-policy');
  assert.match(await policy('/embed/map'), /frame-ancestors \*/);
  assert.match(await policy('/'), /frame-ancestors 'self'/);
  assert.match(await policy('/collections/actors/items?f=html'), /frame-ancestors 'self'/);
  await stage.goto('/');
});

scenario('10 a page of another origin cannot frame the whole page', async () => {
  const { url } = await reunion();
  const other = await host(pageWith(`${url}/`));
  const stage = await Stage.open(other, { origins: [url] });
  try {
    await stage.page.goto(other.url);
    await eventually('the frame stays empty', () =>
      stage.page.frames().some((frame) => frame.url().startsWith('chrome-error:')),
    );
  } finally {
    await stage.close();
  }
});
