// SPDX-License-Identifier: GPL-3.0-or-later
// check CHROMIUM FILE...: opens each report in a browser and prints TAP. Nothing may be fetched but
// the file; no console error; no axe violation; figures stay in their view box, without overlapping
// text, with the risk table on the ticks; readable at 360 px, in print and in dark mode.
import { chromium } from 'playwright-core';
import { mkdtempSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [executablePath, ...files] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const profile = mkdtempSync(path.join(tmpdir(), 'lunation-browser-'));
let n = 0, failed = 0;

function report(problems, name) {
  n += 1;
  if (problems.length) failed += 1;
  console.log(`${problems.length ? 'not ok' : 'ok'} ${n} - ${name}`);
  for (const problem of problems.slice(0, 12)) console.log(`#   ${problem}`);
  if (problems.length > 12) console.log(`#   and ${problems.length - 12} more`);
}

// In the page: elements of the figures that leave the view box.
function outside() {
  const found = [];
  for (const svg of document.querySelectorAll('svg.lf')) {
    const frame = svg.getBoundingClientRect();
    for (const e of svg.querySelectorAll('text, path, rect, circle')) {
      const r = e.getBoundingClientRect();
      if (r.left < frame.left - 0.5 || r.right > frame.right + 0.5 || r.top < frame.top - 0.5 || r.bottom > frame.bottom + 0.5) {
        found.push(`${svg.getAttribute('aria-labelledby')}: <${e.tagName} class="${e.getAttribute('class')}"> ${e.textContent}`);
      }
    }
  }
  return found;
}

// Texts of one figure that lie on each other. The box of a line is taller than its letters: a quarter
// is taken off above and below.
function overlapping() {
  const found = [];
  for (const svg of document.querySelectorAll('svg.lf')) {
    const texts = [...svg.querySelectorAll('text')].map((e) => {
      const r = e.getBoundingClientRect();
      const h = r.height / 4, w = r.width / 4;
      const upright = !e.hasAttribute('transform');
      return { text: e.textContent, left: r.left + (upright ? 0.5 : w), right: r.right - (upright ? 0.5 : w),
        top: r.top + (upright ? h : 0.5), bottom: r.bottom - (upright ? h : 0.5) };
    });
    texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) {
        found.push(`${svg.getAttribute('aria-labelledby')}: "${a.text}" and "${b.text}"`);
      }
    }));
  }
  return found;
}

// Numbers of the risk tables and how far they are from the nearest tick; how many were looked at.
function offTicks() {
  const found = [];
  let seen = 0;
  for (const svg of document.querySelectorAll('svg.lf')) {
    const numbers = [...svg.querySelectorAll('text.n')];
    if (!numbers.length) continue;
    const box = svg.viewBox.baseVal, frame = svg.getBoundingClientRect(), scale = frame.width / box.width;
    const place = (e) => { const r = e.getBoundingClientRect(); return ((r.left + r.right) / 2 - frame.left) / scale; };
    const ticks = [...svg.querySelectorAll('path.axis')].filter((p) => {
      const m = p.getAttribute('d').match(/^M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)$/);
      return m && m[1] === m[3] && Math.abs(m[4] - m[2] - 5) < 0.02;
    }).map(place);
    for (const e of numbers) {
      seen += 1;
      const x = place(e);
      const away = Math.min(...ticks.map((t) => Math.abs(t - x)));
      if (!(away <= 0.5)) found.push(`${svg.getAttribute('aria-labelledby')}: "${e.textContent}" is ${away.toFixed(2)} px away`);
    }
  }
  if (!seen) found.push('no risk table was found');
  return found;
}

// What a reader on a narrow screen meets: the page must not scroll sideways, figures keep their size.
function narrow() {
  const found = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth) found.push(`the page is ${wide} px wide on a screen of ${window.innerWidth}`);
  if (parseFloat(getComputedStyle(document.body).fontSize) < 14) found.push('text is smaller than 14 px');
  for (const svg of document.querySelectorAll('svg.lf')) {
    const size = 10 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const chosen = Math.min(1, svg.getAttribute('width') / svg.viewBox.baseVal.width); // smaller type
    if (size < 8 * chosen) found.push(`${svg.getAttribute('aria-labelledby')}: its smallest text is ${size.toFixed(1)} px`);
  }
  return found;
}

function luminance(colour) {
  const [r, g, b] = colour.match(/[\d.]+/g).map((v) => { const c = v / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };

// Lines, marks and words of the figures against the paper.
async function faint(page) {
  const colours = await page.evaluate(() => {
    const out = { paper: getComputedStyle(document.body).backgroundColor, used: {} };
    for (const e of document.querySelectorAll('svg.lf text, svg.lf path.line, svg.lf [class*=" f"], svg.lf [class^="f"]')) {
      const style = getComputedStyle(e);
      const colour = e.matches('path.line') ? style.stroke : style.fill;
      if (colour !== 'none') out.used[colour] = [e.tagName === 'text' ? 4.5 : 3, e.getAttribute('class')];
    }
    return out;
  });
  return Object.entries(colours.used).map(([colour, [least, name]]) => [contrast(colour, colours.paper), least, colour, name])
    .filter(([ratio, least]) => ratio < least).map(([ratio, least, colour, name]) => `${name} ${colour}: ${ratio.toFixed(2)} < ${least}`);
}

async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return result.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target} ${node.failureSummary.split('\n')[1] ?? ''}`));
}

// The printed report: each page has the running head, and what is folded away on the screen is there.
// Nothing is looked at without pdftotext.
async function print(page) {
  const wanted = await page.evaluate(() => ({
    head: document.querySelector('.sim')?.textContent,
    words: [document.querySelector('svg.lf text'), document.querySelector('details.how > p')]
      .filter(Boolean).map((e) => e.textContent.split(' ').slice(0, 2).join(' ')),
  }));
  const pdf = path.join(profile, 'report.pdf');
  writeFileSync(pdf, await page.pdf({ format: 'A4', printBackground: true, preferCSSPageSize: true }));
  let text;
  try {
    text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  } catch {
    return [];
  }
  const pages = text.split('\f').slice(0, -1);
  const found = wanted.words.filter((w) => !text.includes(w)).map((w) => `"${w}" is not in print`);
  if (wanted.head) {
    pages.forEach((p, i) => { if (!p.includes(wanted.head)) found.push(`page ${i + 1} lacks "${wanted.head}"`); });
  }
  return found;
}

// The page of the variants: their drawing only, in light and dark, wide and narrow.
async function checkDrawings(page, name) {
  report(await page.evaluate(outside), `${name}: nothing outside the view box`);
  report(await page.evaluate(overlapping), `${name}: no overlapping text`);
  report(await page.evaluate(offTicks), `${name}: risk tables stand on the ticks`);
  report(await faint(page), `${name}: contrast of the figures`);
  await page.emulateMedia({ colorScheme: 'dark' });
  report(await faint(page), `${name}: contrast of the figures in dark mode`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 360, height: 740 });
  report(await page.evaluate(narrow), `${name}: readable at 360 px`);
  await page.close();
}

async function check(browser, file) {
  const name = path.basename(file);
  const page = await browser.newPage();
  const requests = [], complaints = [];
  page.on('request', (r) => requests.push(r.url()));
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) complaints.push(m.text()); });
  page.on('pageerror', (e) => complaints.push(String(e)));
  const url = 'file://' + path.resolve(file);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(url);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  if (name === 'variants.html') return checkDrawings(page, name);
  report(requests.filter((r) => r !== url), `${name}: no request but the file`);
  report(complaints, `${name}: no console error`);
  report(await page.evaluate(outside), `${name}: nothing outside the view box`);
  report(await page.evaluate(overlapping), `${name}: no overlapping text`);
  report(await page.evaluate(offTicks), `${name}: risk tables stand on the ticks`);
  report(await violations(page), `${name}: no axe violation`);
  report(await faint(page), `${name}: contrast of the figures`);
  await page.emulateMedia({ colorScheme: 'dark' });
  report(await violations(page), `${name}: no axe violation in dark mode`);
  report(await faint(page), `${name}: contrast of the figures in dark mode`);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  report(luminance(paper) < 0.05 ? [] : [`the paper is ${paper}`], `${name}: dark mode is dark`);
  report(await print(page), `${name}: print`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 360, height: 740 });
  report(await page.evaluate(narrow), `${name}: readable at 360 px`);
  report(await violations(page), `${name}: no axe violation at 360 px`);
  report(requests.filter((r) => r !== url), `${name}: still no other request`);
  await page.close();
}

const browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'] });
try {
  for (const file of files) await check(browser, file);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
