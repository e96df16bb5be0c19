// The page: what is pasted, dropped or chosen is checked at once, and the report is put below the
// form. The form works without it; what is inserted is the server's own report, escaped there.
(() => {
  "use strict";
  const form = document.getElementById("ask");
  const result = document.getElementById("result");
  if (!form || !result) return;
  const said = document.getElementById("said");
  // The server's own limit; a browser shows no answer to a body that is cut off.
  const MOST = 64 * 1024 * 1024;
  const { expect, message, file, policy, connector } = form.elements;
  const host = form.elements["smart-host"];
  let running = null;

  const chosen = () => [file, policy, connector].flatMap((field) => (field.disabled ? [] : Array.from(field.files)));
  const hasMail = () => message.value.trim() !== "" || file.files.length > 0;
  const isReady = () => expect.value !== "connector" || host.value.trim() !== "";
  // What no one sees is not sent.
  const showFiles = () => {
    const wanted = expect.value === "file";
    document.getElementById("of-file").hidden = !wanted;
    for (const field of [policy, connector]) field.disabled = !wanted;
  };

  // Several values of these are separated by blanks.
  const LISTS = ["smart-host", "exchange-host", "receiver", "trust", "authserv-id", "recipient"];
  const labelOf = (field) => field.labels[0].textContent;
  // The field that takes a report's hint, where the form has one that would do. A redacted
  // report's names are not those of the mail, and a policy file has its own smart hosts.
  const fieldOf = ({ option, value }) => {
    const field = form.elements[option];
    if (!field || (value && form.elements.redact.checked)) return null;
    return option === "smart-host" && expect.value !== "connector" ? null : field;
  };
  // In place of an option of the command line, a button that fills the field.
  const offer = (hint) => {
    const field = fieldOf(hint.dataset);
    if (!field) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "use";
    const value = document.createElement("code");
    value.textContent = hint.dataset.value ?? "";
    const ticks = field.type === "checkbox";
    const does = ticks ? "Tick" : hint.dataset.value === undefined ? "Fill in" : LISTS.includes(field.name) ? "Add to" : "Put into";
    button.append(`${does} “${labelOf(field)}”${does === "Fill in" ? "" : " and check again"}`);
    const offered = hint.querySelector(".offer") ?? hint;
    offered.replaceChildren(...(ticks || value.textContent === "" ? [] : [value, " "]), button);
  };
  const use = ({ option, value }) => {
    const field = form.elements[option];
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (field.type === "checkbox") {
      field.checked = true;
    } else if (value === undefined) {
      // Only the user knows it.
      field.focus();
      return;
    } else if (LISTS.includes(option)) {
      const values = field.value.split(/[\s,;]+/).filter(Boolean);
      if (!values.includes(value)) values.push(value);
      field.value = values.join(" ");
    } else {
      field.value = value;
    }
    check();
  };

  const show = (html) => {
    result.innerHTML = html;
    for (const hint of result.querySelectorAll("[data-option]")) offer(hint);
    for (const label of result.querySelectorAll("form.filters [data-filter]")) {
      const all = result.querySelectorAll(`.message[data-outcome="${label.dataset.filter}"]`);
      label.querySelector(".count").textContent = all.length;
      label.hidden = all.length === 0;
    }
    const first = result.querySelector("#summary h2, .verdict .sentence, .trouble");
    if (!first) return;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    result.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  };
  const complain = (text) => {
    said.textContent = text;
    result.replaceChildren();
  };

  const check = async () => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    if (!hasMail()) {
      complain("Paste the header of the received mail, or choose files.");
      message.focus();
      return;
    }
    if (!isReady()) {
      complain("Name the smart host for a verdict, or choose to only show the mail’s way.");
      host.focus();
      return;
    }
    if (message.value.length + chosen().reduce((sum, one) => sum + one.size, 0) > MOST) {
      complain("These are more than 64 MiB: choose fewer files, or use “smarthop check” on them.");
      return;
    }
    form.setAttribute("aria-busy", "true");
    said.textContent = "Checking …";
    try {
      const answer = await fetch("/report", { method: "POST", body: new FormData(form), signal: mine.signal });
      const kind = answer.headers.get("Content-Type") ?? "";
      const text = await answer.text();
      if (!kind.startsWith("text/html")) throw new Error(JSON.parse(text).error.says);
      show(text);
      const verdict = result.querySelector(".verdict .word, #summary h2, .trouble h2");
      said.textContent = verdict ? `Done: ${verdict.textContent.trim()}` : "Done.";
    } catch (error) {
      if (mine.signal.aborted) return;
      complain(`Not checked: ${error.message}. Does “smarthop serve” still run?`);
    } finally {
      if (running === mine) form.removeAttribute("aria-busy");
    }
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    check();
  });
  form.addEventListener("reset", () => {
    running?.abort();
    form.removeAttribute("aria-busy");
    complain("");
    setTimeout(showFiles);
  });
  result.addEventListener("click", (event) => {
    const button = event.target.closest("button.use");
    if (button) use(button.closest("[data-option]").dataset);
  });
  message.addEventListener("paste", () => setTimeout(check));
  file.addEventListener("change", () => {
    if (file.files.length > 0) check();
  });
  expect.addEventListener("change", showFiles);
  // A browser may come back with what was chosen before.
  addEventListener("pageshow", showFiles);
  host.addEventListener("input", () => {
    const more = ["loaded", "trace"].includes(expect.value) || (expect.value === "file" && connector.files.length === 0);
    if (more && host.value !== "") expect.value = "connector";
    showFiles();
  });

  const hasFiles = (event) => Array.from(event.dataTransfer?.types ?? []).includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    document.body.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("is-over");
    if (!hasFiles(event)) return;
    event.preventDefault();
    // Onto a field for one file: into that one.
    const field = event.target.closest?.('input[type="file"]') ?? file;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
