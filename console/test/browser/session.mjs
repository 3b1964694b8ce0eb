// Chromium for a program that sends one command per line, in JSON, and reads one line of JSON for each. Usage: node session.mjs ADDRESS
//   {"open": PAGE, "path": PATH}      opens a page, or another path in it   -> {"milliseconds": until it has content}
//   {"scroll": PAGE, "rows": COUNT}   scrolls a list until all rows were shown   -> {"milliseconds": , "rows": most at once}
//   {"text": PAGE}                    -> {"text": }
//   {"memory": PAGE}                  -> {"bytes": heap of its scripts after a collection}
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [address] = process.argv.slice(2);
const LIMIT = 180_000;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const pages = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await run(JSON.parse(line))));
}
await browser.close();

async function run(command) {
  if ('open' in command) {
    const page = pages.get(command.open) ?? (await context.newPage());
    pages.set(command.open, page);
    const begin = performance.now();
    await page.goto(address + command.path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.body.innerText.includes('Loading …'), null, { timeout: LIMIT });
    return { milliseconds: performance.now() - begin };
  }
  if ('scroll' in command) {
    return pages.get(command.scroll).evaluate(scroll, { count: command.rows, limit: LIMIT });
  }
  if ('text' in command) {
    return { text: await pages.get(command.text).evaluate(() => document.body.innerText) };
  }
  const session = await context.newCDPSession(pages.get(command.memory));
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { bytes: usedSize };
}

/** Runs in the page. */
async function scroll({ count, limit }) {
  const list = document.querySelector('section.rows');
  const begin = performance.now();
  let most = 0;
  for (;;) {
    list.scrollTop = list.scrollHeight;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const rows = list.querySelectorAll('tr[aria-rowindex]');
    most = Math.max(most, rows.length);
    if ([...rows].at(-1)?.ariaRowIndex === String(count + 1)) {
      return { milliseconds: performance.now() - begin, rows: most };
    }
    if (performance.now() - begin > limit) {
      throw new Error(`the list shows row ${[...rows].at(-1)?.ariaRowIndex} of ${count} after ${limit} ms`);
    }
  }
}
