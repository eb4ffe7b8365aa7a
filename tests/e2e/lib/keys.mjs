// The keyboard, as a person without a mouse uses it.
import assert from 'node:assert/strict';

/** Who has the focus: role, name, text. */
export async function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    return {
      tag: element?.tagName.toLowerCase() ?? '',
      id: element?.id ?? '',
      name: (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim().slice(0, 120),
    };
  });
}

/** Presses Tab (or another key) until the focus is on what `wanted` tells; fails after `most` presses. */
export async function tabTo(page, wanted, { key = 'Tab', most = 120 } = {}) {
  const passed = [];
  for (let press = 0; press < most; press += 1) {
    const here = await focused(page);
    if (wanted(here)) return here;
    passed.push(`${here.tag} ${here.name.slice(0, 30)}`);
    await page.keyboard.press(key);
  }
  assert.fail(`${most} presses of ${key} did not reach it; the focus went over:\n${passed.join('\n')}`);
}
