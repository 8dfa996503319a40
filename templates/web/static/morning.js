// This morning, as it goes on: the sections that are not as they were are put in place of the old ones.
const standing = document.getElementById("standing");
const said = document.getElementById("said");
const lit = document.getElementById("lit");
const QUIET = 15000; // a screen reader is told no more often than that, in milliseconds

let feed = null;
let toldAt = 0;

function replace(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html; // made by our own page, all text in it escaped
  const sections = [...fresh.content.querySelectorAll("section[id]")];
  const focused = document.activeElement?.id;
  for (const old of [...standing.querySelectorAll("section[id]")]) {
    if (!sections.some((one) => one.id === old.id)) old.remove();
  }
  sections.forEach((one, place) => {
    const old = document.getElementById(one.id);
    if (!old) standing.insertBefore(one, standing.querySelectorAll("section[id]")[place] ?? null);
    else renew(old, one);
  });
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  tell();
}

function renew(old, fresh) {
  for (const folded of old.querySelectorAll("details[id]")) {
    fresh.querySelector(`#${folded.id}`)?.toggleAttribute("open", folded.open);
  }
  if (old.outerHTML !== fresh.outerHTML) old.replaceWith(fresh);
}

function tell() {
  const line = standing.querySelector("[data-say]")?.textContent.trim().replace(/\s+/g, " ");
  if (!line || line === said.textContent || Date.now() - toldAt < QUIET) return;
  said.textContent = line;
  toldAt = Date.now();
}

function light(on) {
  lit.classList.toggle("on", on);
  lit.textContent = on ? lit.dataset.on : lit.dataset.off;
}

function listen() {
  feed?.close();
  feed = new EventSource("/morning/lines");
  feed.onopen = () => light(true);
  feed.onerror = () => light(false);
  feed.onmessage = (event) => replace(event.data);
}

// A page that nobody sees asks for nothing.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) feed?.close();
  else listen();
});
listen();
