// The chat: one room for each reader, shown as the server sends it, line by line.
import { change, words } from "./page.js";

const say = words(document.getElementById("words"));
const menu = JSON.parse(document.getElementById("menu").textContent);
const rooms = document.getElementById("rooms");
const another = document.getElementById("another");
const most = Number(rooms.dataset.most);
const KEPT = "digestbot.rooms";

// ------------------------------------------------------------------ rooms

function remembered() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) || "[]");
    return kept.filter((id) => /^[a-z0-9]{4,32}$/.test(id)).slice(0, most);
  } catch {
    return [];
  }
}

function remember() {
  localStorage.setItem(KEPT, JSON.stringify([...rooms.children].map((room) => room.dataset.room)));
}

function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return [...bytes].map((byte) => (byte % 36).toString(36)).join("");
}

function open(id, { fresh }) {
  const room = document.getElementById("room").content.firstElementChild.cloneNode(true);
  room.dataset.room = id;
  room.querySelector(".log").setAttribute("aria-label", say.room);
  const input = room.querySelector("input");
  input.id = `say-${id}`;
  room.querySelector("label").htmlFor = input.id;
  rooms.append(room);
  number();
  room.fresh = fresh;
  speak(room, id, input);
  offer(room, input);
  room.querySelector(".close").addEventListener("click", () => {
    room.remove();
    number();
    remember();
    listen();
  });
  remember();
  return room;
}

function number() {
  [...rooms.children].forEach((room, place) => {
    room.querySelector("h2").textContent = `${say.room} ${place + 1}`;
    room.querySelector(".close").hidden = rooms.children.length < 2;
  });
  another.disabled = rooms.children.length >= most;
}

// One connection for all rooms: a browser opens six to a site, and what is said needs one too.
let feed = null;
let stale = false; // whether lines may have gone while nobody listened

function listen() {
  feed?.close();
  const asked = new URLSearchParams([...rooms.children].map((room) => ["room", room.dataset.room]));
  feed = new EventSource(`/chat/lines?${asked}`);
  feed.onopen = () => {
    for (const room of rooms.children) greet(room);
    stale = false;
  };
  feed.onerror = () => {
    stale = true;
    for (const room of rooms.children) {
      room.classList.add("lost");
      room.dataset.lost = say.lost;
    }
  };
  feed.onmessage = (event) => {
    const [id, line] = JSON.parse(event.data);
    const room = rooms.querySelector(`[data-room="${id}"]`);
    if (room) show(room, room.querySelector(".log"), line);
  };
}

function greet(room) {
  if (stale) room.querySelector(".log").replaceChildren();
  room.classList.remove("lost");
  if (!room.fresh) return;
  room.fresh = false;
  change(`/chat/${room.dataset.room}/say`, { text: "/start" });
}

// A page that nobody sees asks for nothing.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return listen();
  feed.close();
  stale = true;
});

// ------------------------------------------------------------------ lines

const drawnOf = new WeakMap();

function show(room, log, line) {
  if (line.number === 0) return whisper(room, line);
  const there = log.querySelector(`[data-line="${line.number}"]`);
  if (line.gone) return there?.remove();
  const text = JSON.stringify(line);
  if (there && drawnOf.get(there) === text) return; // told once more: another room was opened
  const drawn = draw(room, line);
  drawnOf.set(drawn, text);
  if (there) return there.replaceWith(drawn);
  log.append(drawn);
  log.scrollTop = line.mine ? log.scrollHeight : drawn.offsetTop - 8; // the window itself stays where it is
}

function draw(room, line) {
  const drawn = document.createElement("article");
  drawn.className = line.mine ? "line mine" : "line";
  drawn.dataset.line = line.number;
  if (line.pushed) drawn.classList.add("pushed");
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  bubble.innerHTML = line.markup; // made by the bot's own markup, all text in it escaped
  drawn.append(bubble);
  close(bubble);
  fold(bubble);
  const marks = [line.pushed && say.pushed, line.silent && say.silent, line.edited && say.edited].filter(Boolean).join(" · ");
  if (marks) {
    const small = document.createElement("p");
    small.className = "marks";
    small.textContent = marks;
    bubble.append(small);
  }
  for (const row of line.keys) drawn.append(keyboard(room, line.number, row));
  return drawn;
}

// A quote ends its line by itself: the line break that ends it elsewhere would be a second empty line here.
function close(bubble) {
  for (const quote of bubble.querySelectorAll("blockquote:not(.long)")) {
    const after = quote.nextSibling;
    if (after?.nodeType === Node.TEXT_NODE) after.data = after.data.replace(/^\n/, "");
  }
}

function fold(bubble) {
  for (const long of bubble.querySelectorAll("blockquote.long")) {
    const toggle = document.createElement("button");
    toggle.type = "button";
    toggle.className = "plain fold";
    toggle.textContent = say.more;
    toggle.setAttribute("aria-expanded", "false");
    toggle.addEventListener("click", () => {
      const shown = long.classList.toggle("shown");
      toggle.textContent = shown ? say.less : say.more;
      toggle.setAttribute("aria-expanded", String(shown));
    });
    long.after(toggle);
  }
}

function keyboard(room, number, row) {
  const keys = document.createElement("div");
  keys.className = "keys";
  for (const key of row) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key.label;
    button.addEventListener("click", () => {
      button.disabled = true;
      change(`/chat/${room.dataset.room}/press`, { line: number, data: key.data })
        .catch((error) => whisper(room, { markup: "" }, error.message))
        .finally(() => { button.disabled = false; });
    });
    keys.append(button);
  }
  return keys;
}

function whisper(room, line, text) {
  const word = document.createElement("div");
  word.className = "whisper";
  word.setAttribute("role", "alert");
  if (text) word.textContent = text;
  else word.innerHTML = line.markup;
  room.append(word);
  setTimeout(() => word.remove(), 6000);
}

// ------------------------------------------------------------------ speaking

function speak(room, id, input) {
  room.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    input.dispatchEvent(new Event("input"));
    change(`/chat/${id}/say`, { text }).catch((error) => whisper(room, { markup: "" }, error.message));
  });
}

function offer(room, input) {
  const list = room.querySelector(".offers");
  list.id = `offers-${room.dataset.room}`;
  input.setAttribute("aria-controls", list.id);
  let chosen = -1;

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(at) {
    chosen = (at + list.children.length) % list.children.length;
    [...list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === chosen)));
    input.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(name) {
    input.value = `/${name} `;
    close();
    input.focus();
  }

  input.addEventListener("input", () => {
    const typed = input.value.match(/^[/／]([a-z_]*)$/i);
    const found = typed ? Object.entries(menu).filter(([name]) => name.startsWith(typed[1].toLowerCase())) : [];
    list.replaceChildren(...found.map(([name, what], place) => {
      const one = document.createElement("li");
      one.id = `${list.id}-${place}`;
      one.setAttribute("role", "option");
      one.setAttribute("aria-selected", "false");
      const command = document.createElement("b");
      command.textContent = `/${name}`;
      one.append(command, ` ${what}`);
      one.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(name);
      });
      return one;
    }));
    if (!found.length) return close();
    list.hidden = false;
    chosen = -1;
    input.setAttribute("aria-expanded", "true");
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") point(chosen + 1);
    else if (event.key === "ArrowUp") point(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Tab" || (event.key === "Enter" && chosen >= 0)) {
      take(list.children[Math.max(chosen, 0)].querySelector("b").textContent.slice(1));
    } else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
}

// ------------------------------------------------------------------ the clock

const stage = document.getElementById("stage");
const language = document.documentElement.lang;
let ahead = new Date(stage.dataset.now) - Date.now();

function written(moment, zone, shape) {
  return new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...shape }).format(moment);
}

function tick() {
  const now = new Date(Date.now() + ahead);
  const shape = { year: "numeric", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" };
  document.getElementById("clock").textContent = written(now, stage.dataset.zone, shape);
}

for (const button of document.querySelectorAll("[data-leap]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const landing = await change("/chat/clock", { leap: button.dataset.leap });
      ahead = new Date(landing.now) - Date.now();
      tick();
      const shape = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" };
      document.getElementById("landing").textContent = say.due
        .replace("{time}", written(new Date(landing.due), landing.zone, shape))
        .replace("{zone}", landing.zone);
    } catch (error) {
      document.getElementById("landing").textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
}

const kept = remembered();
for (const id of kept) open(id, { fresh: false });
if (!kept.length) open(newName(), { fresh: true });
listen();
another.addEventListener("click", () => {
  open(newName(), { fresh: true }).querySelector("input").focus();
  listen();
});
tick();
setInterval(tick, 1000);
