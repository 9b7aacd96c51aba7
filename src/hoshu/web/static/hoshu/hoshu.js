// Conveniences over pages that work without them: theme, keys, copying, sending. No dependencies.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // ---- theme: the first press shows the other one, the third is the device's again; the server reads the cookie ----

  const THEMES = matchMedia("(prefers-color-scheme: dark)").matches ? ["", "light", "dark"] : ["", "dark", "light"];
  const THEME_NAMES = { "": "端末の設定", light: "明るい画面", dark: "暗い画面" };

  function switchTheme() {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme || "") + 1) % THEMES.length];
    if (next) root.dataset.theme = next;
    else delete root.dataset.theme;
    document.cookie = `theme=${next}; path=/; max-age=${next ? 31536000 : 0}; samesite=lax`;
    toast(`画面の明るさ: ${THEME_NAMES[next]}`);
  }

  // ---- toasts ----

  function toast(text, kind = "info") {
    const box = document.getElementById("toasts");
    const element = document.createElement("div");
    const words = document.createElement("p");
    words.textContent = text;
    element.className = `toast toast--${kind}`;
    element.append(words);
    box.append(element);
    setTimeout(() => element.remove(), kind === "error" ? 12000 : 3000);
  }

  // ---- copying a serial; without the clipboard (plain http) the number is selected instead ----

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.classList.add("is-done");
      toast(`${button.dataset.copy} をコピーしました`, "success");
      setTimeout(() => button.classList.remove("is-done"), 2000);
    } catch {
      getSelection().selectAllChildren(button.previousElementSibling);
      toast("選択しました。Ctrl+C でコピーしてください");
    }
  }

  // ---- the address of a postal code, chosen: what was typed stays behind it, and is not written twice ----

  function fillAddress(button) {
    const choices = button.closest("[data-fills]");
    const input = document.getElementById(choices.dataset.fills);
    const parts = button.dataset.address.split("|");
    const ends = parts.map((_, from) => parts.slice(from).join(""));
    const [address] = ends;
    const earlier = choices.dataset.filled || "";
    let typed = input.value.trim();
    if (typed.startsWith(earlier)) typed = typed.slice(earlier.length);
    const twice = ends.find((end) => end.length > 1 && typed.startsWith(end)) || "";
    input.value = address.startsWith(typed) ? address : address + typed.slice(twice.length);
    choices.dataset.filled = address;
    all("[data-address]", choices).forEach((each) => each.setAttribute("aria-pressed", each === button));
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  }

  // ---- lists: j, k move; Enter or a click on the row opens its first link ----

  const rows = () => all(".list tbody tr").filter((row) => row.querySelector("a[href]") && row.offsetParent);

  function move(step) {
    const list = rows();
    if (!list.length) return;
    const here = list.findIndex((row) => row.contains(document.activeElement));
    const next = list[Math.min(Math.max(here < 0 ? (step > 0 ? 0 : list.length - 1) : here + step, 0), list.length - 1)];
    next.querySelector("a[href]").focus();
    next.scrollIntoView({ block: "nearest" });
  }

  // The line of a finding, chosen in the editor itself and brought into sight.
  function showLine(editor, number) {
    const before = editor.value.split("\n").slice(0, number - 1);
    const start = before.reduce((sum, line) => sum + line.length + 1, 0);
    const end = editor.value.indexOf("\n", start);
    editor.focus({ preventScroll: true });
    editor.setSelectionRange(start, end < 0 ? editor.value.length : end);
    editor.scrollTop = (number - 6) * (editor.scrollHeight / editor.value.split("\n").length);
    editor.scrollLeft = 0;
    editor.scrollIntoView({ block: "nearest" });
  }

  function markRows(within) {
    for (const row of all(".list tbody tr", within)) if (row.querySelector("a[href]")) row.dataset.opens = "";
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    const copyButton = target.closest("[data-copy]");
    if (copyButton) return void copy(copyButton);
    if (target.closest("[data-theme-switch]")) return switchTheme();
    if (target.closest("[data-dismiss]")) return target.closest(".toast").remove();
    if (target.closest("[data-hints]")) return showHints();
    if (target.closest("[data-print]")) return print();
    const address = target.closest("[data-address]");
    if (address) return fillAddress(address);
    const finding = target.closest("a[data-line]");
    const editor = document.querySelector("textarea[data-lines]");
    if (finding && editor && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      return showLine(editor, Number(finding.dataset.line));
    }
    const row = target.closest(".list tr[data-opens]");
    if (!row || target.closest("a, button, input, select, label, summary") || getSelection().toString()) return;
    const link = row.querySelector("a[href]");
    if (event.ctrlKey || event.metaKey) window.open(link.href);
    else link.click();
  });

  // ---- keys ----

  function showHints() {
    const hints = document.getElementById("hints");
    if (hints) hints.togglePopover();
  }

  function search() {
    const fields = all("[data-search-first], [data-search]");
    const field = fields.find((element) => "searchFirst" in element.dataset) || fields[0];
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  }

  let going = 0;

  function go(key) {
    const link = all("a[data-key]").find((element) => element.dataset.key === key);
    if (link) link.click();
    return Boolean(link);
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    const field = typing(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form) form.requestSubmit();
      return;
    }
    if (field) {
      if (event.key === "Escape") field.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    if (Date.now() - going < 1500) {
      going = 0;
      if (go(event.key)) event.preventDefault();
      return;
    }
    const actions = { "/": search, "?": showHints, j: () => move(1), k: () => move(-1), g: () => (going = Date.now()) };
    const action = actions[event.key];
    if (action && action() !== false) event.preventDefault();
  });

  // ---- forms: the list of faults takes the focus; a form is sent once ----

  function arrive(within) {
    markRows(within);
    all(".toast--success, .toast--info", within).forEach((done) => setTimeout(() => done.remove(), 8000));
    const faults = within.querySelector("[data-faults]");
    if (faults) faults.focus();
  }

  // The chosen files' names, since the browser's own words for them are not shown.
  function nameFiles(input) {
    const sized = (file) => `${file.name}（${file.size < 1048576 ? `${Math.ceil(file.size / 1024)}KB` : `${(file.size / 1048576).toFixed(1)}MB`}）`;
    input.closest(".upload").querySelector("[data-names]").textContent = [...input.files].map(sized).join("\n");
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches(".upload input")) nameFiles(event.target);
  });

  // Sent while it is just being saved, a form would be taken for that of a second window: it waits for the answer.
  function whenSaved(form, then) {
    if (form.matches(".htmx-request") || document.querySelector(".htmx-settling")) setTimeout(() => whenSaved(form, then), 50);
    else then();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.matches(".htmx-request")) {
      event.preventDefault();
      return void whenSaved(form, () => form.requestSubmit(event.submitter));
    }
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });

  addEventListener("pageshow", () => {
    all("form[data-sent]").forEach((form) => delete form.dataset.sent);
    all(".upload input").forEach(nameFiles);
  });

  // ---- a personal number in free text is pointed out before it is sent; the server masks it in any case ----

  const WEIGHTS = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

  function isPersonalNumber(digits) {
    const rest = WEIGHTS.reduce((sum, weight, at) => sum + weight * digits[at], 0) % 11;
    return Number(digits[11]) === (rest <= 1 ? 0 : 11 - rest);
  }

  function pointOutNumber(input) {
    const text = input.value.normalize("NFKC");
    const named = /マイナンバー|個人番号|my\s?number/i.test(text);
    const grouped = text.match(/(?<![0-9A-Za-z])\d{4}[\s\-‐-―−ー]\d{4}[\s\-‐-―−ー]\d{4}(?![0-9A-Za-z])/g) || [];
    const loose = named ? text.match(/(?<![0-9A-Za-z])\d(?:[\s.・|\-‐-―−ー]{0,3}\d){11}(?![0-9A-Za-z])/g) || [] : [];
    const found = [...grouped, ...loose].some((number) => isPersonalNumber(number.replace(/\D/g, "")));
    const told = input.parentElement.querySelector(":scope > .field__number-found");
    if (!found) return told && told.remove();
    if (told) return null;
    const words = document.createElement("p");
    words.className = "note note--warning field__number-found";
    words.setAttribute("role", "status");
    words.textContent =
      "個人番号（マイナンバー）とみられる番号があります。お預かりできないため、消してから送ってください。" +
      "このまま送ると、番号を伏せて記録します。";
    return input.after(words);
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("textarea, input[type=text]")) pointOutNumber(event.target);
  });

  // ---- drafts: what is typed and not kept yet is said to be so, and nobody leaves it unasked ----

  const unkept = new Set();

  function isDraft(form) {
    return Boolean(form && form.matches("[hx-post], [data-draft]") && form.querySelector(".draft"));
  }

  function note(form, words) {
    if (form.isConnected) form.querySelector(".draft").textContent = words;
  }

  function lost(form) {
    if (!isDraft(form)) return;
    unkept.add(form);
    note(form, "まだ保存していません");
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!isDraft(form)) return;
    unkept.add(form);
    note(form, form.hasAttribute("hx-post") ? "保存しています…" : "まだ保存していません");
  });

  addEventListener("beforeunload", (event) => {
    const forms = [...unkept, ...all("form.htmx-request")].filter((form) => form.isConnected && isDraft(form));
    if (forms.some((form) => !form.dataset.sent)) event.preventDefault();
  });

  // ---- htmx ----

  document.addEventListener("htmx:beforeRequest", (event) => unkept.delete(event.target));
  document.addEventListener("htmx:afterSettle", (event) => {
    arrive(event.target);
    unkept.forEach((form) => note(form, "保存しています…"));
  });
  document.addEventListener("htmx:responseError", (event) => {
    const code = event.detail.xhr.status;
    lost(event.target);
    if (code === 403) toast("この操作はできません。画面を読み込み直してください。", "error");
    else toast("うまくいきませんでした。入力した内容は残っています。もう一度お試しください。", "error");
  });
  document.addEventListener("htmx:sendError", (event) => {
    lost(event.target);
    toast("通信できませんでした。回線を確かめて、もう一度お試しください。", "error");
  });

  arrive(document);
})();
