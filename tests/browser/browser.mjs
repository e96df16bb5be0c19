// A browser that notices everything it should not see, and what the tests share.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const env = (name) => {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run \`cargo test --test browser\``);
  return value;
};

export const URL_ = env("SMARTHOP_URL");
export const PROGRAM = env("SMARTHOP_PROGRAM");
export const SHOTS = env("SMARTHOP_SHOTS");
export const SAMPLE = "fixtures/documented-sample/message.eml";
export const FORWARDED = "fixtures/platform/exchange/after-smart-host/message.eml";
export const UNCLEAR = "fixtures/receiver/outlook/connector-host-helo-only/message.eml";
export const HOST = "smtp-relay.example.com";
export const CHECK = "#ask button:not([formaction], [type=reset])";
export const PHONE = { width: 360, height: 740 };

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const launch = () =>
  chromium.launch({
    executablePath: env("SMARTHOP_CHROMIUM"),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });

// Does `steps` with a page, and fails where that page asked for something elsewhere, said an error,
// opened a dialog or broke its Content-Security-Policy. `allowed`: console errors that are meant.
export const withPage = async (browser, options, steps, allowed = []) => {
  const { home = URL_, ...rest } = options;
  const context = await browser.newContext({ reducedMotion: "reduce", ...rest });
  const page = await context.newPage();
  const wrong = [];
  page.on("request", (request) => {
    const url = request.url();
    const own = url === home || (home.startsWith("http") && url.startsWith(home));
    if (!own && !url.startsWith("data:") && !url.startsWith("blob:")) wrong.push(`request: ${url}`);
  });
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("pageerror", (error) => wrong.push(`error: ${error}`));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !allowed.some((known) => text.includes(known))) {
      wrong.push(`console: ${text}`);
    }
  });
  page.on("popup", (popup) => wrong.push(`popup: ${popup.url()}`));
  await context.exposeBinding("violated", (_, what) => wrong.push(`policy: ${what}`));
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      window.violated(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    window.ran = (what) => window.violated(`ran: ${what}`);
  });
  try {
    await page.goto(home);
    await steps(page, context);
    assert.deepEqual(wrong, []);
  } finally {
    await context.close();
  }
};

export const shoot = (page, name, more = {}) =>
  page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true, ...more });

// The verdict that is shown.
export const verdict = async (page) => {
  await page.waitForSelector("#result .verdict .word");
  const text = await page.textContent("#result .verdict .word");
  return text.trim();
};

// Checks files by the file field.
export const choose = async (page, paths, host = HOST) => {
  await page.fill("#smart-host", host);
  await page.setInputFiles("#file", paths);
  await page.waitForSelector("#result .verdict, #result .counts, #result .trouble");
};

// No violation of any rule, those of best practice included; what is folded is looked at, too.
export const assertAccessible = async (page, what) => {
  await page.evaluate(AXE);
  for (const folds of ["as it is", "all open"]) {
    if (folds === "all open") {
      await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
    }
    const found = await page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document);
      return violations.map(({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.any?.[0]?.message ?? ""}`).join(" | ")}`);
    });
    assert.deepEqual(found, [], `${what}, ${folds}`);
  }
};

export const assertNoSidewaysScroll = async (page, what) => {
  const [scroll, client, widest] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const beyond = [...document.querySelectorAll("body *")].find((one) =>
      one.getBoundingClientRect().right > clientWidth + 1 && !one.closest("textarea, svg"));
    return [scrollWidth, clientWidth, beyond ? beyond.outerHTML.slice(0, 200) : ""];
  });
  assert.ok(scroll <= client, `${what}: ${scroll} > ${client}: ${widest}`);
};
