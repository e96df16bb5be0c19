// The file to send on: `--format html`, and what the page saves.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import {
  FORWARDED, HOST, PHONE, PROGRAM, SAMPLE, SHOTS, UNCLEAR,
  assertAccessible, assertNoSidewaysScroll, launch, withPage,
} from "./browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

// A report of these messages as a file; the command's exit status is that of the verdict.
const written = (name, paths) => {
  const path = join(SHOTS, `${name}.html`);
  let text;
  try {
    text = execFileSync(PROGRAM, ["check", "--smart-host", HOST, "--format", "html", ...paths]);
  } catch (error) {
    assert.ok([1, 3].includes(error.status), String(error));
    text = error.stdout;
  }
  writeFileSync(path, text);
  return pathToFileURL(path).href;
};

test("a report is one file that asks for nothing", async () => {
  const home = written("report", [SAMPLE]);
  await withPage(browser, { home }, async (page) => {
    assert.equal((await page.textContent(".verdict .word")).trim(), "PASS");
    await page.locator(".why a.reason").first().click();
    const lit = page.locator(".line.is-lit");
    assert.equal(await lit.count(), 1);
    assert.ok(await lit.isVisible());
    await assertNoSidewaysScroll(page, "a report");
    await assertAccessible(page, "a report");
    await page.setViewportSize(PHONE);
    await assertNoSidewaysScroll(page, "a report on a phone");
  });
});

test("a file of several messages", async () => {
  const home = written("reports", [SAMPLE, FORWARDED, UNCLEAR]);
  await withPage(browser, { home, colorScheme: "dark" }, async (page) => {
    assert.equal(await page.locator(".message").count(), 3);
    await assertAccessible(page, "reports");
    await page.setViewportSize(PHONE);
    await assertNoSidewaysScroll(page, "reports on a phone");
  });
});

test("it prints", async () => {
  const home = written("print", [SAMPLE]);
  await withPage(browser, { home, colorScheme: "dark" }, async (page) => {
    await page.emulateMedia({ media: "print" });
    const paper = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    assert.equal(paper, "light");
    const pdf = await page.pdf({ path: join(SHOTS, "report.pdf"), format: "A4" });
    assert.ok(pdf.length > 10_000);
  });
  await withPage(browser, {}, async (page) => {
    await page.fill("#smart-host", HOST);
    await page.setInputFiles("#file", SAMPLE);
    await page.waitForSelector("#result .verdict");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.isVisible("#ask"), false);
    assert.equal(await page.isVisible("#result .verdict"), true);
  });
});

test("what the page saves is that file", async () => {
  await withPage(browser, {}, async (page) => {
    await page.fill("#smart-host", HOST);
    await page.fill("#message", readFileSync(SAMPLE, "utf8"));
    const saving = page.waitForEvent("download");
    await page.click("text=Save the report as a file");
    const saved = await saving;
    assert.equal(saved.suggestedFilename(), "smarthop-report.html");
    const path = join(SHOTS, "saved.html");
    await saved.saveAs(path);
    const text = readFileSync(path, "utf8");
    assert.match(text, /^<!DOCTYPE html>/);
    assert.match(text, /PASS/);
    assert.match(page.url(), /\/$/);
  });
  await withPage(browser, { home: pathToFileURL(join(SHOTS, "saved.html")).href }, async (page) => {
    assert.equal((await page.textContent(".verdict .word")).trim(), "PASS");
  });
});

// The README's picture.
test("the picture of the sample's verdict", async () => {
  const home = written("picture", [SAMPLE]);
  const viewport = { width: 1000, height: 985 };
  await withPage(browser, { home, viewport, colorScheme: "light" }, async (page) => {
    const path = join(SHOTS, "screenshot.png");
    await page.screenshot({ path });
    assert.ok(statSync(path).size <= 200 * 1024, "the README's picture has 200 KiB at most");
    if (process.env.SMARTHOP_SCREENSHOT === "1") copyFileSync(path, "tests/browser/screenshot.png");
  });
});
