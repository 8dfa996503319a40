// The preview: shows what is chosen as soon as it is chosen, and takes files that are dropped. Without it, forms do.
import { words } from "./page.js";

const say = words(document.getElementById("words"));
const LARGEST = 2 * 1024 * 1024;
let asked = 0;

const main = () => document.getElementById("main");
const hand = () => document.getElementById("hand");

// ------------------------------------------------------------------ asking

async function show(url, form, { remember = true } = {}) {
  const turn = ++asked;
  main().setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, form ? { method: "POST", body: form } : {});
    if (turn !== asked) return;
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html");
    if (!isPage) throw new Error((await response.text()).trim());
    replace(await response.text());
    if (remember && !form) history.pushState(null, "", response.url);
  } catch (error) {
    if (turn === asked) complain(error instanceof TypeError ? say.lost : error.message);
  } finally {
    if (turn === asked) main().removeAttribute("aria-busy");
  }
}

function replace(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("preview");
  if (!fresh) return location.reload(); // the session has ended
  const kept = document.activeElement?.id; // where one is by now, not where one was when asking
  document.getElementById("preview").replaceWith(document.adoptNode(fresh));
  dress();
  const news = fresh.querySelector(".outcome, .problems .error, .headline h2, .empty");
  document.getElementById("said").textContent = news?.textContent.replace(/\s+/g, " ").trim() ?? "";
  if (kept) document.getElementById(kept)?.focus({ preventScroll: true });
}

function complain(text) {
  const trouble = document.getElementById("trouble");
  trouble.textContent = text;
  trouble.hidden = false;
}

function submit(form, submitter) {
  const held = new FormData(form, submitter ?? undefined);
  if (form.method === "post") return show(form.action, held);
  const kept = [...held].filter(([name]) => name !== "do");
  return show(`${new URL(form.action).pathname}?${new URLSearchParams(kept)}`);
}

function look(file) {
  if (file.size > LARGEST) return complain(say.large);
  const held = new FormData(hand());
  held.set("document", file);
  held.delete("text");
  return show(hand().action, held);
}

// ------------------------------------------------------------------ what people do

document.addEventListener("submit", (event) => {
  if (!["wish", "hand", "waiting"].includes(event.target.id)) return;
  event.preventDefault();
  submit(event.target, event.submitter);
});

document.addEventListener("change", (event) => {
  if (event.target.id === "document") {
    if (event.target.files[0]) look(event.target.files[0]);
  } else if (event.target.form?.id === "wish" && !["keep", "force"].includes(event.target.name)) {
    submit(event.target.form);
  }
});

document.addEventListener("click", (event) => {
  const step = event.target.closest?.("a.step[href], .empty a[href], .held a[href]");
  if (!step || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(step.href);
});

window.addEventListener("popstate", () => show(location.href, null, { remember: false }));

const carries = (event) => event.dataTransfer?.types.includes("Files");
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    hand().classList.toggle("awaits", name === "dragover");
    if (name === "drop" && event.dataTransfer.files[0]) look(event.dataTransfer.files[0]);
  });
}

document.addEventListener("paste", (event) => {
  if (event.target.closest?.("input, textarea, select")) return;
  const [file] = event.clipboardData.files;
  const text = event.clipboardData.getData("text/plain");
  if (file) look(file);
  else if (text.trim()) look(new File([text], "", { type: "text/markdown" }));
});

// ------------------------------------------------------------------ quotes that fold, as Telegram folds them

function dress() {
  for (const quote of document.querySelectorAll(".tg-text blockquote[expandable]")) {
    if (quote.scrollHeight <= quote.clientHeight + 2) {
      quote.classList.add("shown");
      continue;
    }
    const toggle = document.createElement("button");
    toggle.type = "button";
    toggle.className = "tg-fold";
    toggle.setAttribute("aria-expanded", "false");
    toggle.setAttribute("aria-label", say.more);
    toggle.addEventListener("click", () => {
      const shown = quote.classList.toggle("shown");
      toggle.setAttribute("aria-expanded", String(shown));
      toggle.setAttribute("aria-label", shown ? say.less : say.more);
    });
    quote.append(toggle);
  }
}

dress();
