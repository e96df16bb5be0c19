// Copies, filters, and opens what a link or a print needs. All by events on the document, so that
// reports that are inserted later work, too; the page is whole without it.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("with-script");

  // A line that is cited: what folds it away opens, and it is marked until another one is.
  const show = (target) => {
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    for (const lit of document.querySelectorAll(".is-lit")) lit.classList.remove("is-lit");
    target.classList.add("is-lit");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    target.focus({ preventScroll: true });
  };
  const targetOf = (hash) => {
    try {
      return hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
    } catch {
      return null;
    }
  };

  const copy = async (button) => {
    const text = button.dataset.copy;
    const label = button.firstChild;
    let says = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed here: it is selected, to be copied by hand.
      const code = button.parentElement.querySelector("code");
      getSelection().selectAllChildren(code);
      says = document.execCommand("copy") ? "Copied" : "Selected";
    }
    label.textContent = says;
    setTimeout(() => { label.textContent = "Copy"; }, 2000);
  };

  const filter = (form) => {
    const shown = new Set(Array.from(form.querySelectorAll("input:checked"), (box) => box.value));
    const text = form.elements.text.value.trim().toLowerCase();
    let count = 0;
    const messages = document.querySelectorAll(".message");
    for (const message of messages) {
      const row = message.querySelector(".row").textContent.toLowerCase();
      const fits = shown.has(message.dataset.outcome) && row.includes(text);
      message.hidden = !fits;
      if (fits) count += 1;
    }
    form.querySelector(".shown").textContent =
      count === messages.length ? "" : `${count} of ${messages.length} shown`;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) {
      copy(button);
      return;
    }
    const link = event.target.closest('a[href^="#"]');
    const target = link && targetOf(link.getAttribute("href"));
    if (target && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      history.pushState(null, "", link.getAttribute("href"));
      show(target);
    }
  });
  for (const kind of ["popstate", "DOMContentLoaded"]) {
    (kind === "popstate" ? window : document).addEventListener(kind, () => {
      const target = targetOf(location.hash);
      if (target) show(target);
    });
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.filters");
    if (form) filter(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form.filters")) event.preventDefault();
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const label of document.querySelectorAll("form.filters [data-filter]")) {
      const all = document.querySelectorAll(`.message[data-outcome="${label.dataset.filter}"]`);
      label.querySelector(".count").textContent = all.length;
      label.hidden = all.length === 0;
    }
    const rows = document.querySelectorAll("details.message");
    if (rows.length === 1) rows[0].open = true;
  });

  // Paper has nothing to click: the whole headers open for it, which have all that is quoted.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll(".raw:not([open])"));
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
    opened = [];
  });
})();
