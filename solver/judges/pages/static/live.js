// Parts of a page that change while one looks, a clock, and times in the reader's own zone.
// Without this script every page works; it is then as new as the last time it was loaded.
"use strict";

function local(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.getAttribute("datetime"));
    if (Number.isNaN(at.getTime())) continue;
    const today = at.toDateString() === new Date().toDateString();
    time.title = time.textContent;
    time.textContent = today ? at.toLocaleTimeString() : at.toLocaleString();
  }
}

function clocks() {
  for (const clock of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.round(Number(clock.dataset.until) - Date.now() / 1000));
    const two = (value) => String(value).padStart(2, "0");
    const hours = Math.floor(left / 3600);
    clock.textContent = `${hours}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
  }
}

function selected() {
  const active = document.activeElement;
  return active && active !== document.body && active.id ? active.id : "";
}

async function refresh(part) {
  let answer;
  try {
    answer = await fetch(window.location.href, { credentials: "same-origin" });
  } catch {
    return "the judge does not answer; this page tries again";
  }
  if (answer.redirected) return "you are no longer logged in: load the page again";
  if (!answer.ok) return `the judge says ${answer.status}; this page tries again`;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = fresh.getElementById(part.id);
  if (!found) return "";
  const focus = selected();
  const scrolled = [...part.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
  part.replaceChildren(...found.childNodes);
  part.dataset.every = found.dataset.every;
  part.querySelectorAll(".scroll").forEach((each, at) => { each.scrollLeft = scrolled[at] || 0; });
  if (focus) document.getElementById(focus)?.focus();
  local(part);
  clocks();
  return "";
}

async function follow(part) {
  const status = document.getElementById("status");
  for (;;) {
    const every = Number(part.dataset.every);
    if (!(every > 0)) return; // nothing will change any more
    await new Promise((done) => setTimeout(done, every * 1000));
    if (document.hidden) continue;
    const trouble = await refresh(part);
    if (status && status.textContent !== trouble) status.textContent = trouble;
  }
}

local(document);
clocks();
setInterval(clocks, 1000);
document.querySelectorAll("[data-every]").forEach(follow);
