// The page of `smarthop serve`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import {
  CHECK, FORWARDED, HOST, PHONE, SAMPLE, UNCLEAR, URL_,
  assertAccessible, assertNoSidewaysScroll, choose, launch, shoot, verdict, withPage,
} from "./browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser.close(); });

const REFUSED = "Failed to load resource: the server responded with a status of 400";

const paste = async (page, context, text) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.focus("#message");
  await page.keyboard.press("Control+V");
};

test("paste the documented sample, read the verdict, see a reason's line", async () => {
  await withPage(browser, {}, async (page, context) => {
    await page.fill("#smart-host", HOST);
    await paste(page, context, readFileSync(SAMPLE, "utf8"));
    assert.equal(await verdict(page), "PASS");
    const sentence = await page.textContent("#result .verdict .sentence");
    assert.equal(sentence.trim(), `left through sender-id.example.com, a host of the organisation of ${HOST}`);
    assert.ok(await page.evaluate(() => document.activeElement.matches(".verdict .sentence")), "the verdict has the focus");
    assert.equal(await page.textContent("#said"), "Done: PASS");

    const reason = page.locator("#result .why a.reason").first();
    const number = (await reason.locator(".cite").textContent()).replace("line ", "");
    await reason.click();
    const lit = page.locator("#result .line.is-lit");
    assert.equal(await lit.count(), 1);
    assert.ok(await lit.isVisible());
    assert.equal(await lit.locator(".number").textContent(), number);
    const first = readFileSync(SAMPLE, "utf8").split(/\r?\n/)[number - 1];
    assert.equal((await lit.locator(".text").textContent()).trim(), first.trim());
    const [colour, other] = await page.evaluate(() => [".line.is-lit", ".line:not(.is-lit)"].map((which) =>
      getComputedStyle(document.querySelector(which)).backgroundColor));
    assert.notEqual(colour, other);
    await shoot(page, "page-reason");
  });
});

test("a paste without an expectation says what is missing", async () => {
  await withPage(browser, {}, async (page, context) => {
    await paste(page, context, readFileSync(SAMPLE, "utf8"));
    await page.waitForFunction(() => document.getElementById("said").textContent !== "");
    assert.match(await page.textContent("#said"), /Name the smart host/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "smart-host");
    await page.selectOption("#expect", "trace");
    await page.click(CHECK);
    assert.equal(await verdict(page), "UNCHECKED");
  });
});

test("by keyboard alone", async () => {
  await withPage(browser, {}, async (page) => {
    const order = [];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Tab");
      order.push(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim()));
    }
    assert.deepEqual(order.slice(0, 10), [
      "expect", "smart-host", "message", "file", "mine", "More options",
      "Check", "Save the report as a file", "redact", "Clear",
    ]);
    await page.fill("#message", readFileSync(FORWARDED, "utf8"));
    await page.focus("#smart-host");
    await page.keyboard.type(HOST);
    await page.keyboard.press("Enter");
    assert.equal(await verdict(page), "FAIL");
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement.matches("#result a, #result summary, #result button"));
    assert.ok(focused, "the next stop is in the report");
  });
});

test("three dropped files are three rows", async () => {
  await withPage(browser, {}, async (page) => {
    await page.fill("#smart-host", HOST);
    const files = [SAMPLE, FORWARDED, UNCLEAR].map((path) => [`${path.split("/")[1]}.eml`, readFileSync(path, "latin1")]);
    const dataTransfer = await page.evaluateHandle((files) => {
      const transfer = new DataTransfer();
      for (const [name, text] of files) transfer.items.add(new File([text], name, { type: "message/rfc822" }));
      return transfer;
    }, files);
    await page.dispatchEvent("main", "dragover", { dataTransfer });
    assert.ok(await page.evaluate(() => document.body.classList.contains("is-over")));
    await page.dispatchEvent("main", "drop", { dataTransfer });
    await page.waitForSelector("#result .messages");
    assert.ok(!await page.evaluate(() => document.body.classList.contains("is-over")));
    const rows = page.locator("#result .messages > .message");
    const words = await rows.locator("> .row .word").allTextContents();
    assert.deepEqual(words.map((word) => word.trim()), ["PASS", "FAIL", "INCONCLUSIVE"]);
    const places = await rows.locator("> .row .place").allTextContents();
    assert.deepEqual(places, files.map(([name]) => name));
    assert.match(await page.textContent("#result .counts h2"), /3 messages/);
    await shoot(page, "page-batch");

    await rows.nth(1).locator("> summary").click();
    assert.ok(await rows.nth(1).locator(".verdict").isVisible());
    await rows.nth(1).locator(".why a.reason").first().click();
    assert.equal(await rows.nth(1).locator(".line.is-lit").count(), 1);
    assert.equal(await rows.nth(0).locator(".line.is-lit").count(), 0);

    await page.uncheck('.filters input[value="pass"]');
    assert.equal(await rows.nth(0).isVisible(), false);
    assert.equal(await rows.nth(1).isVisible(), true);
    assert.equal(await page.textContent('.filters [data-filter="fail"] .count'), "1");
  });
});

test("chosen files, and a wrong smart host", async () => {
  await withPage(browser, {}, async (page) => {
    await choose(page, [SAMPLE, FORWARDED, UNCLEAR]);
    assert.equal(await page.locator("#result .messages > .message").count(), 3);
    await page.fill("#smart-host", "*.com");
    await page.click(CHECK);
    await page.waitForSelector("#result .trouble");
    assert.match(await page.textContent("#result .trouble"), /public suffix/);
    await assertAccessible(page, "an error");
    await page.click("#ask button[type=reset]");
    assert.equal(await page.textContent("#result"), "");
  }, [REFUSED]);
});

test("a hint fills its field and checks again", async () => {
  await withPage(browser, {}, async (page) => {
    await choose(page, [UNCLEAR]);
    assert.equal(await verdict(page), "INCONCLUSIVE");
    const hint = page.locator('#result .settle li').first();
    const { option, value } = await hint.evaluate((one) => ({ ...one.dataset }));
    assert.doesNotMatch(await hint.textContent(), /--|Copy/);
    await shoot(page, "page-hint");
    const before = await page.inputValue(`[name="${option}"]`);
    await hint.locator("button.use").click();
    await page.waitForFunction(() => document.querySelector("#result .verdict .word")?.textContent.trim() !== "INCONCLUSIVE");
    const field = page.locator(`[name="${option}"]`);
    if (await field.getAttribute("type") === "checkbox") {
      assert.ok(await field.isChecked(), "it is ticked");
    } else {
      assert.equal(await field.inputValue(), `${before} ${value}`.trim());
    }
    assert.ok(await page.locator(`[name="${option}"]`).isVisible(), "its fold is open");
    assert.equal(await verdict(page), "PASS");
  });
});

test("a policy of one's own", async () => {
  await withPage(browser, {}, async (page) => {
    assert.ok(!await page.isVisible("#policy"));
    await page.selectOption("#expect", "file");
    assert.ok(await page.isVisible("#policy"));
    await page.setInputFiles("#policy", "fixtures/policy/routing.toml");
    await page.setInputFiles("#file", SAMPLE);
    assert.equal(await verdict(page), "PASS");
    assert.match(await page.textContent("#result .verdict"), /testconnector/);
    await shoot(page, "page-policy");
    // It is put aside, and not sent.
    await page.selectOption("#expect", "connector");
    await page.fill("#smart-host", HOST);
    await page.click(CHECK);
    await page.waitForFunction(() => !document.querySelector("#result .verdict").textContent.includes("testconnector"));
  });
});

// Fields that would run, turn the reading round, or pile up, in every place that is shown.
const hostile = () => {
  const evil = [
    "<script>ran('script')</script>", "<img src=x onerror=ran('img')>", "\"><svg onload=ran('svg')>",
    "' onmouseover='ran(1)", "javascript:ran('url')", "</textarea></title></style><script>ran('end')</script>",
    "<iframe srcdoc=\"<script>parent.ran('frame')</script>\"></iframe>", "{{constructor.constructor('ran(2)')()}}",
    "<a href=\"https://evil.example/\">x</a><link rel=stylesheet href=https://evil.example/a.css>",
    "<style>@import 'https://evil.example/b.css';</style>", "\u202egnp.exe\u2066\u200b\u2028",
  ].join(" ");
  const field = (name, value) => `${name}: ${value}\r\n`;
  return [
    field("Received", `from ${evil} (<b onclick=ran(3)> [192.0.2.1]) by in31.mail.ovh.net (Postfix) with ${evil} id <i>; Tue, 28 Feb 2023 07:51:01 +0000 (UTC)`),
    field("Received", `from "><script>ran('helo')</script> (relay.example.net [192.0.2.2]) by <img/src=x/onerror=ran('by')> with ESMTPS; Tue, 28 Feb 2023 07:50:01 +0000`),
    field("Authentication-Results", `in31.mail.ovh.net; spf=pass smtp.mailfrom=${evil}; dkim=pass header.d=<script>ran('d')</script>`),
    field("From", `${evil} <evil@example.com>`),
    field("To", `"<script>ran('to')</script>" <a@example.net>`),
    field("Subject", evil),
    field("Message-ID", `<<script>ran('id')</script>@example.com>`),
    field("X-Huge", `<script>ran('huge')</script>${"<b>A".repeat(1 << 17)}`),
    "\r\n<script>ran('body')</script>\r\n",
  ].join("");
};

for (const [size, viewport] of [["desktop", { width: 1100, height: 900 }], ["phone", PHONE]]) {
  test(`a hostile header runs nothing (${size})`, async () => {
    await withPage(browser, { viewport }, async (page) => {
      const text = hostile();
      assert.ok(text.length > 1 << 19);
      const buffer = Buffer.from(text);
      const name = "<img src=x onerror=ran('name')>\u202e.eml";
      await choose(page, [{ name, mimeType: "message/rfc822", buffer }]);
      await verdict(page);
      const files = ["a", name].map((name) => ({ name: `${name}.eml`, mimeType: "text/html", buffer }));
      await page.setInputFiles("#file", files);
      await page.waitForSelector("#result .messages");
      await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
      await page.mouse.move(180, 400);
      const strange = await page.evaluate(() => {
        const shown = document.getElementById("result");
        const elements = [...shown.querySelectorAll("script, img, iframe, style, link, object, embed, base, meta")];
        const attributes = [...shown.querySelectorAll("*")].flatMap((one) => [...one.attributes])
          .filter(({ name, value }) => name.startsWith("on") || name === "style" || /^\s*(javascript|https?):/i.test(value));
        const text = shown.textContent;
        return [elements.length, attributes.map(({ name, value }) => `${name}=${value}`), /[\u202a-\u202e\u2066-\u2069\u200b]/.test(text), text.includes("<script>ran('")];
      });
      assert.deepEqual(strange, [0, [], false, true]);
      await assertNoSidewaysScroll(page, "a hostile header");
      await page.evaluate(() => document.querySelectorAll("#result details").forEach((fold) => { fold.open = false; }));
      await page.locator("#result .message").first().locator("> summary").click();
      await page.locator("#result .message").first().scrollIntoViewIfNeeded();
      await shoot(page, `hostile-${size}`, { fullPage: false });
    });
  });
}

const STATES = [
  ["page", null],
  ["pass", [SAMPLE]],
  ["fail", [FORWARDED]],
  ["inconclusive", [UNCLEAR]],
  ["batch", [SAMPLE, FORWARDED, UNCLEAR]],
];

for (const colorScheme of ["light", "dark"]) {
  test(`both schemes, a phone's width, and axe (${colorScheme})`, async () => {
    for (const [name, files] of STATES) {
      await withPage(browser, { colorScheme, viewport: { width: 1100, height: 900 } }, async (page) => {
        if (files) await choose(page, files);
        const dark = await page.evaluate(() => {
          const [red] = getComputedStyle(document.body).backgroundColor.match(/\d+/g);
          return Number(red) < 128;
        });
        assert.equal(dark, colorScheme === "dark");
        await shoot(page, `${name}-${colorScheme}`);
        await page.setViewportSize(PHONE);
        await assertNoSidewaysScroll(page, name);
        await shoot(page, `${name}-${colorScheme}-phone`);
        await assertAccessible(page, `${name} on a phone`);
        await assertNoSidewaysScroll(page, `${name}, all open`);
        await page.setViewportSize({ width: 1100, height: 900 });
        await assertAccessible(page, name);
      });
    }
  });
}

test("without script the form answers a page", async () => {
  await withPage(browser, { javaScriptEnabled: false }, async (page) => {
    assert.ok(await page.isVisible("#policy"));
    await page.fill("#smart-host", "a:25");
    await page.fill("#message", readFileSync(SAMPLE, "utf8"));
    await page.click(CHECK);
    assert.match(await page.textContent(".trouble p"), /^Smart host: `a:25`: .*port/);
    await page.goto(URL_);
    await page.fill("#smart-host", HOST);
    await page.fill("#message", readFileSync(SAMPLE, "utf8"));
    await page.click(CHECK);
    await page.waitForURL(`${URL_}check`);
    assert.equal(await verdict(page), "PASS");
    await page.locator(".why a.reason").first().click();
    const target = page.locator(".line:target");
    assert.equal(await target.count(), 1);
    await shoot(page, "no-script");
    await page.click("text=Check another mail");
    await page.waitForURL(URL_);
    await page.setInputFiles("#file", [SAMPLE, FORWARDED]);
    await page.selectOption("#expect", "exchange");
    await page.click(CHECK);
    await page.waitForURL(`${URL_}check`);
    assert.equal(await page.locator(".messages > .message").count(), 2);
    await page.goto(URL_);
    await page.click(CHECK);
    assert.match(await page.textContent(".trouble"), /paste the header/i);
  }, [REFUSED]);
});

test("the page that answers the form, by axe", async () => {
  await withPage(browser, { viewport: PHONE }, async (page) => {
    await page.fill("#smart-host", HOST);
    await page.fill("#message", readFileSync(UNCLEAR, "utf8"));
    // As without script: no submit event.
    await page.evaluate(() => document.getElementById("ask").submit());
    await page.waitForURL(`${URL_}check`);
    assert.equal(await verdict(page), "INCONCLUSIVE");
    await assertAccessible(page, "the answer");
    await assertNoSidewaysScroll(page, "the answer");
  });
});

test("another page cannot use it", async () => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.route("http://evil.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>x</title>" }));
    await page.goto("http://evil.example/");
    const told = await page.evaluate(async (url) => {
      const seen = [];
      for (const mode of ["cors", "no-cors"]) {
        try {
          const answer = await fetch(`${url}api/trace`, { method: "POST", body: "From: a@example.com", mode });
          seen.push(`${answer.type} ${answer.status}`);
        } catch (error) {
          seen.push(error.name);
        }
      }
      const frame = document.createElement("iframe");
      frame.src = url;
      document.body.append(frame);
      await new Promise((done) => { frame.onload = done; setTimeout(done, 1000); });
      try {
        seen.push(frame.contentDocument ? frame.contentDocument.title : "closed");
      } catch (error) {
        seen.push(error.name);
      }
      return seen;
    }, URL_);
    assert.equal(told[0], "TypeError");
    assert.ok(["TypeError", "opaque 0"].includes(told[1]), told[1]);
    assert.notEqual(told[2], "smarthop: did this mail leave through the smart host?");
    // A form that is sent from there is refused, too.
    await page.evaluate((url) => {
      document.body.innerHTML = `<form method="post" action="${url}check" enctype="multipart/form-data"><input name="message" value="From: a@example.com"></form>`;
      document.forms[0].submit();
    }, URL_);
    await page.waitForURL(`${URL_}check`);
    assert.match(await page.textContent("body"), /another page/);
  } finally {
    await context.close();
  }
});
