// The map page as a person names its parts, in French.
import { eventually } from './poll.mjs';

/** The digits of a text: `1 234 acteurs` is 1234, whatever space parts its thousands. */
export const digits = (text) => Number(text.replace(/\D/g, ''));

export class MapPage {
  constructor(stage) {
    this.stage = stage;
    this.page = stage.page;
  }

  crumbs = () => this.page.getByRole('navigation', { name: 'Périmètre' });
  card = () => this.page.locator('section.card');
  search = () => this.page.getByRole('combobox').first();
  chips = () => this.page.getByRole('group', { name: 'Filtres actifs' });
  panel = () => this.page.getByRole('complementary', { name: 'Filtres et résultats' });
  alert = () => this.page.locator('.notices').filter({ hasText: /\S/ });
  theme = (label) => this.page.getByRole('button', { name: new RegExp(`^${label}`) });
  rows = () => this.panel().locator('ol.rows > li');
  period = () => this.page.getByRole('region', { name: 'Période' });

  /** The names of the way down to the perimeter. */
  async way() {
    return this.crumbs().locator('.crumb-name').allInnerTexts();
  }

  /** How many actors or events the page says there are under the filters. */
  async told(collection) {
    return digits(await this.page.locator(`.show.${collection} .show-count`).innerText());
  }

  async tells(collection, expected) {
    return eventually(
      `${expected} ${collection} are told`,
      async () => (await this.told(collection)) === expected,
    );
  }

  async openTab(name) {
    await this.page.getByRole('tab', { name }).click();
  }

  query() {
    return new URL(this.page.url()).searchParams;
  }

  async address(key, expected) {
    return eventually(`the address has ${key}=${expected}`, () => this.query().get(key) === expected);
  }

  /** Types into the search, and gives the names that are offered once they have come. */
  async offered(text) {
    await this.search().fill(text);
    return eventually(`results for ${text}`, async () => {
      const names = await this.page.locator('[role=option] .found-name').allInnerTexts();
      return names.length > 0 && names;
    });
  }
}
