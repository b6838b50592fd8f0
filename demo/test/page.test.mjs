// The page as people use it, in Chromium: `cargo xtask test page`.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { SCREENSHOTS, SIZES, asked, fitsItsWidth, launch, lowContrasts, settled, shifts, shown } from "./browser.mjs";
import { reference } from "./reference.mjs";

/** As `cargo xtask demo 14` shows them in the terminal. */
const TERMINAL = [
  { title: "Using Box<T> to Point to Data on the Heap", chapter: "ch15-01", score: 8.639, right: true },
  { title: "Running Code on Cleanup with the Drop Trait", chapter: "ch15-03", score: 6.883, right: false },
  { title: "Smart Pointers", chapter: "ch15-00", score: 6.665, right: false },
];

let browser;
before(async () => (browser = await launch()));
afterEach(() => browser.closePages());
after(() => browser?.close());

test("ranks question 14 as the terminal does, without an error and without a request to elsewhere", async () => {
  const page = await browser.open();
  await settled(page);
  assert.equal(await page.textContent("#asked"), "smart pointer that puts data on the heap");
  const passages = await shown(page);
  assert.equal(passages.length, 5);
  for (const [i, { score, ...expected }] of TERMINAL.entries()) {
    const { title, chapter, right } = passages[i];
    assert.deepEqual({ title, chapter, right }, expected);
    assert.ok(Math.abs(passages[i].score - score) <= 1e-3, `${passages[i].score} for ${score}`);
  }
  const speed = /^195 passages ranked in [\d.]+ ms, [\d.]+ thousand documents\/s \(relaxed-simd\)$/;
  assert.match(await page.textContent("#speed"), speed);
  const tally = /all 20 questions the right chapter comes first 12 times, .* first three 17 times/;
  assert.match(await page.textContent("#tally"), tally);
  assert.deepEqual(page.wrong, []);
});

test("ranks all questions as the reference does", async () => {
  const { passages, questions, scores, expected } = await reference();
  for (const [q, row] of expected.entries()) {
    row.forEach((score, p) => assert.ok(Math.abs(scores[q][p] - score) < 1e-6, `question ${q}, passage ${p}`));
  }
  const page = await browser.open({ hash: "#1" });
  for (const [q, { text, relevant_prefix: prefix }] of questions.entries()) {
    await asked(page, q + 1);
    assert.equal(await page.textContent("#asked"), text);
    const best = [...scores[q].keys()].sort((a, b) => scores[q][b] - scores[q][a]).slice(0, 5);
    const hits = await shown(page);
    assert.deepEqual(hits.map(({ title }) => title), best.map((p) => passages[p].title));
    assert.deepEqual(hits.map(({ right }) => right), best.map((p) => passages[p].id.startsWith(prefix)));
    for (const [i, p] of best.entries()) {
      assert.ok(Math.abs(hits[i].score - scores[q][p]) <= 1e-3, `${hits[i].score} for ${scores[q][p]}`);
      const text = hits[i].text.replace(/ …$/, "");
      assert.ok(passages[p].text.startsWith(text), text);
    }
    await page.click("#next");
  }
  await asked(page, 1);
  assert.deepEqual(page.wrong, []);
});

test("highlights the words that matched, the more the stronger, and only whole ones that tell something", async () => {
  const page = await browser.open();
  await asked(page, 14);
  const [first] = await shown(page);
  assert.deepEqual(first.marks.map(({ text }) => text), ["smart", "pointer", "data", "heap"]);
  const pairs = first.pairs.map((pair) => pair.replace(/ [\d.]+$/, ""));
  assert.deepEqual(pairs, ["data → data", "smart → smart", "heap → heap", "pointer → pointer"]);

  const marks = [];
  for (let number = 1; number <= 20; number++) {
    await page.evaluate((number) => (location.hash = `#${number}`), number);
    await asked(page, number);
    for (const passage of await shown(page)) {
      for (const mark of passage.marks) {
        marks.push(mark);
        assert.match(mark.title, new RegExp(` → ${mark.text}: 0\\.\\d\\d$`));
        assert.doesNotMatch(mark.text, /^(the|a|of|to|with|it|that|and|in)$/i);
        // What a span cuts at the wrong byte is no longer a word.
        assert.match(mark.text, /^[\p{L}\p{N}](.*[\p{L}\p{N}])?$/u);
      }
      const pieces = passage.text.split(/[^\p{L}\p{N}_’'-]+/u);
      const words = pieces.map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""));
      for (const { text } of passage.marks) assert.ok(words.includes(text), `“${text}” in “${passage.text}”`);
    }
  }
  assert.ok(marks.length > 200, `${marks.length} marks`);
  const [weak, strong] = [marks.find(({ strength }) => strength < 0.3), marks.find(({ strength }) => strength > 0.9)];
  assert.notEqual(weak.background, strong.background);
});

test("can be used by the keyboard alone", async () => {
  const page = await browser.open();
  await settled(page);
  const focused = (selector) => page.evaluate((at) => document.activeElement.closest(at) !== null, selector);
  const outline = () => page.$eval("#questions label:has(:focus)", (label) => getComputedStyle(label).outlineStyle);
  for (let i = 0; !(await focused("#questions")); i++) {
    assert.ok(i < 10, "no question comes into focus");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("ArrowDown");
  await asked(page, 15);
  assert.equal(await outline(), "solid");
  assert.match((await shown(page))[0].title, /Rc<T>|Reference Counted/);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await asked(page, 13);
  assert.equal(await page.evaluate(() => location.hash), "#13");
  await page.keyboard.press("Enter");
  assert.ok(await focused("#asked"));
  for (let i = 0; !(await focused("#variants")); i++) {
    assert.ok(i < 10, "the variants do not come into focus");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#speed").textContent.endsWith("(simd128)"));
  assert.deepEqual(page.wrong, []);
});

test("every variant ranks the same, and the page says which one did", async () => {
  const page = await browser.open();
  await settled(page);
  const best = await shown(page);
  for (const variant of ["simd128", "scalar", "relaxed-simd"]) {
    await page.click(`#variants label:has([value="${variant}"])`);
    await page.waitForFunction((end) => document.querySelector("#speed").textContent.endsWith(end), `(${variant})`);
    const passages = await shown(page);
    assert.deepEqual(passages.map(({ title }) => title), best.map(({ title }) => title));
    passages.forEach(({ score }, i) => assert.ok(Math.abs(score - best[i].score) <= 1e-3));
    assert.equal(await page.getAttribute(".bars .is-current", "id"), `bar-${variant}`);
  }
  assert.deepEqual(page.wrong, []);
});

test("the chart has a bar with a value for each variant and the loop, whose scores agree", async () => {
  const page = await browser.open({ reducedMotion: "reduce" });
  await settled(page);
  const bars = () =>
    page.$$eval("#bars li", (items) =>
      items.map((item) => [
        item.querySelector(".bar-name").textContent,
        item.querySelector(".bar-value").textContent,
        [".bar", ".bar-track"].map((part) => item.querySelector(part).getBoundingClientRect().width),
      ]),
    );
  const measured = await bars();
  assert.deepEqual(measured.map(([name]) => name), ["relaxed-simd", "simd128", "scalar", "plain JS loop"]);
  for (const [, value, [bar, track]] of measured) {
    assert.match(value, /^[\d.]+ ms( [\d.]+×)?$/);
    assert.ok(bar > 0 && bar <= track + 0.1, `${bar} of ${track} pixels`);
  }
  assert.match(await page.textContent("#agree"), /^Their 195 scores agree/);
  assert.equal(await page.$eval(".bar", (bar) => getComputedStyle(bar).transitionDuration), "0s");
  await page.click("#measure");
  assert.ok(await page.isDisabled("#measure"));
  assert.ok(await page.isVisible("#progress"));
  await page.waitForSelector("#measure:not(:disabled)");
  assert.equal((await bars()).length, 4);
  assert.deepEqual(page.wrong, []);
});

for (const size of Object.keys(SIZES)) {
  test(`fits a ${size}, and is readable by day and by night`, async () => {
    const page = await browser.open({ size, deviceScaleFactor: size === "phone" ? 2 : 1 });
    await settled(page);
    await page.waitForTimeout(400); // The bars grow.
    assert.ok((await shifts(page)) < 0.02, "what is read moves while the page loads");
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await fitsItsWidth(page);
      assert.deepEqual(await lowContrasts(page), []);
      const colour = await page.$eval("html", (html) => getComputedStyle(html).backgroundColor);
      const ground = colour.match(/\d+/g).map(Number);
      assert.ok(colorScheme === "light" ? Math.min(...ground) > 200 : Math.max(...ground) < 50, ground.join());
      for (const fullPage of [false, true]) {
        const path = join(SCREENSHOTS, `${size}-${colorScheme}${fullPage ? "-whole" : ""}.png`);
        await page.screenshot({ path, fullPage });
      }
    }
    assert.deepEqual(page.wrong, []);
  });
}

test("on a phone the questions open, and close when one is touched", async () => {
  const page = await browser.open({ size: "phone", hasTouch: true });
  await settled(page);
  assert.ok(!(await page.isVisible("#questions")));
  await page.tap("#picker summary");
  await fitsItsWidth(page);
  await page.tap("#questions label:nth-child(6)");
  await asked(page, 6);
  assert.ok(!(await page.isVisible("#questions")));
  assert.equal(await page.textContent("#asked"), "associate keys with values");
  assert.deepEqual(page.wrong, []);
});

test("skipping to the passages keeps the question in the address", async () => {
  const page = await browser.open();
  await settled(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "asked");
  assert.equal(await page.evaluate(() => location.hash), "#14");
  await page.reload();
  await asked(page, 14);
  assert.deepEqual(page.wrong, []);
});

test("with forced colours the bars, and what is chosen, are seen", async () => {
  const page = await browser.open({ forcedColors: "active" });
  await settled(page);
  const style = (selector, property) => page.$eval(selector, (at, name) => getComputedStyle(at)[name], property);
  const ground = await style("html", "backgroundColor");
  for (const bar of await page.$$(".bar")) {
    assert.notEqual(await bar.evaluate((at) => getComputedStyle(at).backgroundColor), ground);
  }
  for (const list of ["#questions", "#variants"]) {
    assert.equal(await style(`${list} label:has(:checked)`, "outlineStyle"), "solid");
    assert.equal(await style(`${list} label:has(input:not(:checked))`, "outlineStyle"), "none");
  }
  await page.focus("#variants :checked");
  await page.keyboard.press("ArrowRight");
  assert.equal(await style("#variants label:has(:focus)", "outlineStyle"), "dashed");
  await page.screenshot({ path: join(SCREENSHOTS, "forced-colours.png") });
  assert.deepEqual(page.wrong, []);
});
