// Opens every page of a running console in Chromium. Usage: node run.mjs ADDRESS TOKEN FOLDER [MODEL] [JOB] [DATASET]
//   TOKEN: access token, or - for a console without tokens. FOLDER: receives a screenshot of each page.
// Prints one line of JSON: per page the serious accessibility problems and errors of the console, then what attacks did.
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [address, token, folder, model, job, dataset] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pages = {
  overview: '/console',
  jobs: '/console/jobs',
  new: '/console/jobs/new',
  ...(job ? { job: `/console/jobs/${job}`, comparison: `/console/jobs/compare?jobs=${job}` } : {}),
  models: '/console/models',
  ...(model
    ? {
        model: `/console/models/${model}`,
        evaluations: `/console/models/${model}?tab=evaluations`,
        lineage: `/console/models/${model}?tab=lineage`,
        history: `/console/models/${model}?tab=history`,
      }
    : {}),
  datasets: '/console/datasets',
  ...(dataset ? { dataset: `/console/datasets/${dataset}?tab=preview` } : {}),
  tokenizers: '/console/tokenizers',
  playground: '/console/playground',
  serving: '/console/serving',
  audit: '/console/audit',
  settings: '/console/settings',
};

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
const page = await context.newPage();
const errors = [];
const dialogs = [];
let scripts = 0;
page.on('console', (text) => text.type() === 'error' && errors.push(text.text()));
page.on('pageerror', (error) => errors.push(error.message));
page.on('dialog', (dialog) => {
  dialogs.push(dialog.message());
  void dialog.dismiss();
});
page.on('response', (response) => {
  if (response.url().endsWith('.js')) {
    scripts += Number(response.headers()['content-length'] ?? 0);
  }
});

const result = { pages: {} };
await page.goto(`${address}/console`);
if (token !== '-') {
  await page.locator('input[type=password]').fill('wrong-token-0123456789');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('the access token is unknown').waitFor();
  await page.locator('input[type=password]').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
await settled();
result.scriptBytes = scripts;
result.firstPaintMillis = await page.evaluate(
  () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1,
);
result.cookies = (await context.cookies()).map(({ name, httpOnly, sameSite, path }) => ({
  name,
  httpOnly,
  sameSite,
  path,
}));
result.cookieOfScripts = await page.evaluate(() => document.cookie);

for (const [name, path] of Object.entries(pages)) {
  errors.length = 0;
  await page.goto(address + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await settled();
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  result.pages[name] = {
    accessibility: found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`.slice(0, 500)),
    // The test does not start all services: their requests fail, and the page says so.
    errors: errors.filter((text) => !text.startsWith('Failed to load resource')),
    text: await page.evaluate(() => document.body.innerText),
  };
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
result.dialogs = dialogs;
result.injected = await page.evaluate(() => globalThis.rootstockInjected ?? null);
result.foreign = await foreignPage();
result.keyboard = await keyboard();
await browser.close();
console.log(JSON.stringify(result));

/** Waits until a page has loaded its content; streams keep a connection open, so that it need not become idle. */
async function settled() {
  await page.waitForLoadState('networkidle', { timeout: 2500 }).catch(() => undefined);
}

/** A page of another origin that frames the console and calls it with the cookie of the session. */
async function foreignPage() {
  const rpc = `${address}/rootstock.registry.v1.IdentityService/GetCaller`;
  const html = `<!doctype html><iframe src="${address}/console"></iframe>`;
  const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(html));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const other = await context.newPage();
  await other.goto(`http://localhost:${server.address().port}/`);
  await other.waitForLoadState('networkidle');
  const framed = other.frames().some((frame) => frame.url().startsWith(address));
  const calls = await other.evaluate(async (url) => {
    const attempts = {
      json: { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}', credentials: 'include' },
      simple: { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '{}', credentials: 'include' },
      opaque: { method: 'POST', mode: 'no-cors', body: '{}', credentials: 'include' },
    };
    const outcomes = {};
    for (const [name, options] of Object.entries(attempts)) {
      outcomes[name] = await fetch(url, options).then(
        (response) => `status ${response.status}`,
        () => 'refused',
      );
    }
    return outcomes;
  }, rpc);
  await other.close();
  server.close();
  return { framed, calls };
}

/** Opens the second page of the navigation with the keyboard only. */
async function keyboard() {
  await page.goto(`${address}/console`);
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  for (let presses = 1; presses <= 20; presses++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent)) === 'Jobs') {
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor();
      return presses;
    }
  }
  return -1;
}
