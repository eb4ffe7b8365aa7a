// Scenario 8: the address is the state.
import assert from 'node:assert/strict';
import { everything } from '../lib/api.mjs';
import { MapPage } from '../lib/page.mjs';
import { eventually } from '../lib/poll.mjs';
import { scenario } from '../lib/scenario.mjs';
import { Stage } from '../lib/stage.mjs';
import { hostile, reunion } from '../lib/world.mjs';

scenario(
  '8 a link opens the same view elsewhere: filters, time, place, the card that was open',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/?view=list&from=2026-03-01&to=2026-03-31');
    await page.openTab(/^Filtres/);
    await page.theme('Culture').click();
    await page.address('theme', 'culture');
    await stage.map.jumpTo(55.2707, -21.0096, 15);
    await page.openTab(/^Liste/);
    await page
      .rows()
      .getByRole('button', { name: /Médiathèque/ })
      .click();
    await page
      .card()
      .getByRole('heading', { name: /Médiathèque/ })
      .waitFor();
    await eventually('the hash says where', () => /#map=1[0-9.]+\/-21\.\d+\/55\.\d+/.test(stage.page.url()));
    await stage.map.rests();
    const [link, camera] = [stage.page.url(), await stage.map.camera()];

    const other = await Stage.open({ url: stage.home });
    try {
      const there = new MapPage(other);
      await other.page.goto(link);
      await other.map.rests();
      await there
        .card()
        .getByRole('heading', { name: /Médiathèque/ })
        .waitFor();
      const seen = await other.map.camera();
      for (const key of ['lon', 'lat', 'zoom'])
        assert.ok(Math.abs(seen[key] - camera[key]) < 0.01, `${key}: ${seen[key]}, was ${camera[key]}`);
      assert.equal(
        await there
          .chips()
          .getByRole('button', { name: /^Retirer/ })
          .count(),
        2,
      );
      await other.assertClean();
    } finally {
      await other.close();
    }
  },
  { server: hostile },
);

scenario(
  '8 Back and Forward go through filters and perimeters, not through moves of the map',
  async (stage) => {
    const page = new MapPage(stage);
    await stage.goto('/');
    await page.theme('Santé').click();
    await page.address('theme', 'health');
    await stage.map.jumpTo(55.4504, -20.8789, 12);
    await stage.map.jumpTo(55.4504, -20.9, 13);
    await page.theme('Sport').click();
    await page.address('theme', 'health,sport');
    await stage.page.goBack();
    await page.address('theme', 'health');
    await eventually(
      'the button is up',
      async () => (await page.theme('Sport').getAttribute('aria-pressed')) === 'false',
    );
    await stage.page.goBack();
    await page.address('theme', null);
    await stage.page.goForward();
    await page.address('theme', 'health');
  },
);

scenario('8 a malformed link opens the default view', async (stage) => {
  const page = new MapPage(stage);
  await stage.goto('/');
  const usual = await stage.map.camera();
  for (const path of [
    '/?theme=nothing,%3Cscript%3E&from=2026-02-31&to=never&near=1,2,3&radius=x&view=cave&sel=%3Cimg%3E#map=99/200/x',
    '/?unit=country:&kind=..%2F&list=none&layer=deep&scheme=neon#map=9//55',
    '/?q=%00&theme=%ff&theme=culture&unit=%00&near=%0A#map=%00',
    '/#map=NaN/NaN/NaN',
  ]) {
    await stage.page.goto('about:blank');
    await stage.goto(path);
    const seen = await stage.map.camera();
    // some pixels of height, as a font comes late, are some hundredths of a zoom
    for (const [key, slack] of Object.entries({ lon: 0.01, lat: 0.01, zoom: 0.05 }))
      assert.ok(Math.abs(seen[key] - usual[key]) < slack, `${path}: ${key} ${seen[key]}`);
    assert.equal(await page.chips().count(), 0, path);
    assert.equal(await page.card().count(), 0, path);
  }
});

scenario(
  '8 what others hang on a link: the view is the one that was meant, and the link no longer has it',
  async (stage) => {
    const page = new MapPage(stage);
    const hung = 'utm_source=letter&utm_medium=mail&fbclid=Iw%ff&gclid=&%00=1';
    for (const path of ['/?theme=culture', '/embed/map?theme=culture']) {
      await stage.page.goto('about:blank');
      const response = await stage.goto(`${path}&${hung}`);
      assert.equal(response.status(), 200, path);
      const canonical = await stage.page.locator('link[rel=canonical]').getAttribute('href');
      assert.deepEqual([...new URL(canonical).searchParams.keys()].sort(), ['e2e', 'theme'], path);
    }
    await stage.page.goto('about:blank');
    await stage.goto(`/?theme=culture&${hung}`);
    assert.equal(await page.theme('Culture').getAttribute('aria-pressed'), 'true');
    await stage.page.getByRole('button', { name: 'Partager' }).click();
    await stage.page.getByRole('dialog').waitFor();
    const shared = await stage.page.getByLabel('Lien vers cette vue').inputValue();
    assert.deepEqual([...new URL(shared).searchParams.keys()], ['theme']);
    await stage.page.keyboard.press('Escape');
    await page.theme('Sport').click();
    await page.address('theme', 'culture,sport');
    assert.deepEqual([...page.query().keys()].sort(), ['e2e', 'theme']);
  },
);

scenario('8 the old form of a hash is read, and written in the new one', async (stage) => {
  await stage.goto('/#12/-21.1/55.5');
  const { lon, lat, zoom } = await stage.map.camera();
  assert.deepEqual(
    [Number(lon.toFixed(3)), Number(lat.toFixed(3)), Number(zoom.toFixed(1))],
    [55.5, -21.1, 12],
  );
  await eventually('the new form', () => /#map=12\//.test(stage.page.url()));
});

scenario('8 a unit that is unknown: a message, and the whole territory', async (stage) => {
  // The unit is a 404; counts within it, asked for at the same time, are a 400.
  stage.allow(/status of 40[04]/);
  const page = new MapPage(stage);
  await stage.goto('/?unit=municipality:00000');
  await page.alert().waitFor();
  await page.tells('actors', (await everything(await reunion(), 'actors')).length);
});
