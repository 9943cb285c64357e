// Puts the page together: data in, charts and tables out; addresses, keys, theme.
let index = null;
const tables = new Map();
let quiet = false;
function setAddress(hash) { if (!quiet) history.replaceState(null, "", hash); }
function keepFilter(table) {
  const words = { sub: table.task.names[table.sub], only: table.only, q: table.query, sort: table.sort, up: table.down ? "" : "1", cluster: table.cluster === null ? "" : String(table.cluster + 1) };
  const query = new URLSearchParams(Object.entries(words).filter(([, v]) => v));
  setAddress(`#/${encodeURIComponent(table.task.name)}?${query}`);
}
function tableOf(name) {
  const number = index.tasks.findIndex((t) => t.name === name);
  return number < 0 ? undefined : makeTable(number);
}
function makeTable(number) {
  const box = document.querySelector(`[data-programs="${number}"]`);
  if (!box) return undefined;
  if (!tables.has(number)) { quiet = true; tables.set(number, new Programs(box, index.tasks[number], number)); quiet = false; }
  return tables.get(number);
}
// "#/task/program/ID[/tab[/OTHER]]", "#/task?sub=..&only=..&q=..&sort=..&cluster=..".
function follow() {
  if (!location.hash.startsWith("#/")) return;
  const [path, query] = location.hash.slice(2).split("?"), parts = path.split("/").map(decodeURIComponent);
  const table = tableOf(parts[0]);
  if (!table) return;
  if (parts[1] === "program") {
    const row = table.p.id.indexOf(parts[2]), other = parts[4] ? table.p.id.indexOf(parts[4]) : -1;
    if (row >= 0) openProgram(table, row, parts[3] || "text", other >= 0 ? other : undefined);
    return;
  }
  if (dialog.open) dialog.close();
  if (query !== undefined) {
    const words = new URLSearchParams(query), sub = table.task.names.indexOf(words.get("sub"));
    if (sub >= 0) table.subSelect.value = table.sub = sub;
    table.kindSelect.value = table.only = words.get("only") || "";
    table.search.value = table.query = words.get("q") || "";
    table.sort = table.heads.has(words.get("sort")) ? words.get("sort") : "estimate";
    table.down = words.get("up") !== "1";
    table.cluster = words.get("cluster") ? Number(words.get("cluster")) - 1 : null;
    quiet = true; table.filter(); quiet = false;
  }
  document.getElementById(`${query === undefined ? "task" : "programs"}-${table.number}`).scrollIntoView();
}
function drawCharts() {
  for (const box of document.querySelectorAll("[data-chart]")) {
    const section = box.closest("[data-task]"), task = section ? index.tasks[Number(section.dataset.task)] : null;
    ({ sum: () => sumChart(box), contest: () => contestChart(box, index), submissions: () => submissionsChart(box, task), sampled: () => sampledChart(box, task), heat: () => heatMap(box, task), calibration: () => calibrationChart(box, index.calibration) })[box.dataset.chart]();
  }
}
// Submissions that gained nothing are folded where there are many; on paper all of them stand.
function foldIdle() {
  for (const body of document.querySelectorAll("table.lines tbody")) {
    const idle = body.querySelectorAll("tr.idle").length;
    if (!idle) continue;
    body.classList.add("folded");
    const button = el("button", { type: "button", class: "more screen", onclick: () => { body.classList.remove("folded"); button.remove(); } }, `show ${plural(idle, "more submission")} without a gain`);
    body.closest(".scroll").after(button);
  }
}
function setTheme() {
  const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.getElementById("theme").textContent = dark ? "Light" : "Dark";
  return dark;
}
document.getElementById("theme").addEventListener("click", () => { document.documentElement.dataset.theme = setTheme() ? "light" : "dark"; setTheme(); });
document.getElementById("keys").addEventListener("click", () => document.getElementById("help").showModal());
for (const each of document.querySelectorAll("dialog")) {
  each.addEventListener("click", (e) => { if (e.target === each || e.target.closest("[data-close]")) each.close(); });
}
dialog.addEventListener("close", () => { if (state.table) keepFilter(state.table); });
for (const step of dialog.querySelectorAll("[data-step]")) step.addEventListener("click", () => stepProgram(Number(step.dataset.step)));
document.addEventListener("click", (e) => {
  const link = e.target.closest("[data-open]");
  if (!link) return;
  const table = makeTable(Number(link.closest("[data-task]").dataset.task)), row = table ? table.p.id.indexOf(link.dataset.open) : -1;
  if (row >= 0) openProgram(table, row, "text");
});
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
  const open = dialog.open, tab = TABS[Number(e.key) - 1];
  if (e.key === "?") document.getElementById("help").showModal();
  else if (open && e.key === "j") stepProgram(1);
  else if (open && e.key === "k") stepProgram(-1);
  else if (open && e.key === "m") mark();
  else if (open && tab) openProgram(state.table, state.row, tab[0]);
  else if (!open && e.key === "/") {
    const near = [...tables.values()].sort((a, b) => Math.abs(a.box.getBoundingClientRect().top) - Math.abs(b.box.getBoundingClientRect().top))[0];
    if (near) { e.preventDefault(); near.search.focus(); }
  } else return;
});
addEventListener("hashchange", follow);
let waiting = 0;
addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(drawCharts, 120); });
function watchSections() {
  const links = new Map([...document.querySelectorAll(".bar a")].map((a) => [a.getAttribute("href").slice(1), a]));
  const seen = new IntersectionObserver((all) => {
    for (const one of all) if (one.isIntersecting) for (const [id, a] of links) { if (id === one.target.id || (id === "top" && one.target.className === "first")) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current"); }
  }, { rootMargin: "-45% 0px -50% 0px" });
  for (const section of document.querySelectorAll("main > section")) seen.observe(section);
}
(async () => {
  setTheme();
  foldIdle();
  index = await unpack("index");
  drawCharts();
  // A table is made when its task comes near the screen, or when an address asks for it.
  const near = new IntersectionObserver((all) => { for (const one of all) if (one.isIntersecting) makeTable(Number(one.target.dataset.programs)); }, { rootMargin: "600px" });
  for (const box of document.querySelectorAll("[data-programs]")) near.observe(box);
  watchSections();
  follow();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();
