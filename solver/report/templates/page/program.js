// One program: text, runs, answer, prompt, difference; opened from a table, a link or the keyboard.
const CLASSES = { k: "tk", t: "tt", s: "ts", n: "tn", c: "tc", p: "tp", f: "tf" };
function coloured(source, runs) {
  const lines = [[]];
  let at = 0;
  const put = (text, letter) => text.split("\n").forEach((part, k) => {
    if (k) lines.push([]);
    if (part) lines[lines.length - 1].push(CLASSES[letter] ? el("span", { class: CLASSES[letter] }, part) : part);
  });
  for (const [, length, letter] of (runs || "").matchAll(/(\d+)([a-z.])/g)) { put(source.slice(at, at + Number(length)), letter); at += Number(length); }
  put(source.slice(at), ".");
  if (lines.length > 1 && !lines[lines.length - 1].length) lines.pop();
  return el("pre", { class: "code", tabindex: 0 }, lines.map((line) => el("span", {}, line)));
}
const WORDS = { A: "the commonest output", "-": "not run: given up before", c: "crashed", t: "ran out of time", m: "ran out of memory", o: "printed too much", r: "refused by the other side", "*": "a rare output" };
const wordOf = (letter) => WORDS[letter] || `output ${letter}`;

const dialog = document.getElementById("program");
const state = { table: null, row: -1, tab: "text", marked: null };
const TABS = [["text", "Program"], ["runs", "Runs"], ["answer", "Raw answer"], ["prompt", "Prompt"], ["diff", "Difference"]];

async function textOf(table, row) {
  const size = index.block, block = await unpack(`text-${table.number}-${Math.floor(row / size)}`);
  return block[row % size];
}
async function openProgram(table, row, tab, other) {
  state.table = table; state.row = row; state.tab = tab || state.tab;
  if (other !== undefined) state.marked = { table, row: other };
  if (!dialog.open) dialog.showModal();
  const { p, task } = table, h = table.submitted.get(row);
  dialog.querySelector("h2").textContent = p.id[row];
  const label = p.label[table.sub][row], about = [
    [p.language[row]], [plural(p.bytes[row], "character")], [p.target[row] ? `asked for ${p.target[row]}` : ""], [p.models[p.model[row]] || ""],
    [p.same[row] < 0 ? "does not compile" : p.same[row] !== row ? `the same program as ${p.id[p.same[row]]}` : ""],
    [p.parent[row] >= 0 ? `a repair of ${p.id[p.parent[row]]}` : ""],
    [label >= 0 ? `cluster ${label + 1} of ${task.names[table.sub]}, ${table.sizes[table.sub].get(label)} alike` : ""],
    [h ? `submission ${h.number}: ${h.verdict || "judged"}${h.gained ? `, +${round(h.gained)} points` : ""}` : "never submitted"]];
  dialog.querySelector(".about").replaceChildren(...about.filter(([t]) => t).map(([t]) => el("span", {}, t)),
    ...task.names.map((name, s) => (task.worth[s] ? el("span", {}, `${name} `, el("b", {}, percent(p.estimate[s][row] / 1000)), p.points ? ` (${round(p.points[s][row])} of ${round(task.worth[s])})` : "") : "")),
    el("button", { type: "button", "aria-pressed": String(isMarked(table, row)), onclick: mark }, isMarked(table, row) ? "marked for comparing" : "mark to compare"));
  dialog.querySelector(".tabs").replaceChildren(...TABS.map(([key, name]) => el("button", { type: "button", role: "tab", "aria-selected": String(key === state.tab), onclick: () => openProgram(table, row, key) }, name)));
  const body = dialog.querySelector(".body");
  const text = await textOf(table, row);
  if (state.row !== row || state.table !== table) return; // another one was opened meanwhile
  body.replaceChildren(...[await { text: programTab, runs: runsTab, answer: answerTab, prompt: promptTab, diff: diffTab }[state.tab](table, row, text)].flat());
  body.scrollTop = 0;
  for (const tr of table.body.children) tr.setAttribute("aria-selected", String(Number(tr.dataset.row) === row));
  setAddress(`#/${encodeURIComponent(task.name)}/program/${encodeURIComponent(p.id[row])}` + (state.tab === "text" ? "" : `/${state.tab}`) + (state.tab === "diff" && state.marked && state.marked.table === table ? `/${encodeURIComponent(p.id[state.marked.row])}` : ""));
}
const isMarked = (table, row) => state.marked !== null && state.marked.table === table && state.marked.row === row;
function mark() {
  state.marked = isMarked(state.table, state.row) ? null : { table: state.table, row: state.row };
  openProgram(state.table, state.row);
}
const left = () => el("p", { class: "none" }, "Left out: the page would be too large with it. The run folder has it.");
function programTab(table, row, text) {
  if (text[0] === null) return left();
  const error = table.p.error[row];
  return [error ? el("p", { class: "note" }, `The compiler says: ${error}`) : "", coloured(text[0], text[1])];
}
function runsTab(table, row) {
  const { p, task } = table, letters = p.rows[p.runs[row]] || "";
  if (!task.inputs.length) return el("p", { class: "none" }, "It was not run.");
  return el("table", {}, el("caption", {}, "A is the output that most programs print on this input, B the next; an example's known answer is named"),
    el("thead", {}, el("tr", {}, ["Input", "From", "Valid for", "What it did", "Known answer"].map((t, k) => el("th", { scope: "col", class: k === 1 || k === 2 ? "wide" : null }, t)))),
    el("tbody", {}, task.inputs.map((i, k) => el("tr", {}, el("th", { scope: "row" }, String(k + 1)), el("td", { class: "wide" }, i.origin), el("td", { class: "wide" }, i.subtasks.length === task.names.length ? "all" : i.subtasks.map((s) => task.names[s]).join(", ")), el("td", {}, el("span", { class: "v" }, letters[k]), ` ${wordOf(letters[k])}`),
      el("td", {}, i.right ? el("span", { class: `v v-${i.right === letters[k] ? "AC" : "WA"}` }, i.right === letters[k] ? "right" : "wrong") : "")))));
}
function answerTab(table, row, text) {
  if (text.length < 3) return table.task.tokens.length ? left() : el("p", { class: "none" }, "No answer is kept: the program comes from a recorded pool.");
  return [el("p", { class: "note" }, Object.entries(text[4]).map(([k, v]) => `${k} ${v}`).join(", ")), el("pre", {}, text[2])];
}
async function promptTab(table, row, text) {
  const prompts = await unpack(`prompts-${table.number}`), turns = text.length > 3 && text[3] >= 0 ? prompts[text[3]] : null;
  if (!turns) return el("p", { class: "none" }, "No prompt is kept: the program comes from a recorded pool, or from a run of an older version.");
  return turns.map(([role, said]) => el("div", { class: "turn" }, el("h3", {}, role), el("pre", {}, said)));
}
async function diffTab(table, row, text) {
  const other = state.marked && state.marked.table === table && state.marked.row !== row ? state.marked.row : suggestion(table, row);
  const label = table.p.label[table.sub];
  const near = [...table.submitted.keys(), ...table.rows.slice(0, 40), ...(state.marked && state.marked.table === table ? [state.marked.row] : [])];
  const options = [...new Set([...(other >= 0 ? [other] : []), ...near])].filter((r) => r !== row);
  if (other < 0) return el("p", { class: "none" }, "There is no other program.");
  const pick = el("select", { onchange: (e) => openProgram(table, row, "diff", Number(e.target.value)) }, options.map((r) => el("option", { value: r, selected: r === other }, `${table.p.id[r]}${label[r] === label[row] && label[r] >= 0 ? " (same cluster)" : ""}`)));
  const before = (await textOf(table, other))[0], now = text[0];
  if (before === null || now === null) return [el("div", { class: "tools" }, el("label", {}, "Compared with", pick)), left()];
  return [el("div", { class: "tools" }, el("label", {}, "Compared with", pick), el("span", { class: "note" }, "− there, + here")), diffOf(before.split("\n"), now.split("\n"))];
}
function suggestion(table, row) {
  if (table.p.parent[row] >= 0) return table.p.parent[row];
  const mates = table.rows.filter((r) => r !== row && table.p.same[r] !== table.p.same[row]);
  const sent = [...table.submitted.keys()].filter((r) => r !== row);
  return sent.length ? sent[0] : mates.length ? mates[0] : -1;
}
// Lines by the longest common subsequence; equal ends are cut off first.
function diffOf(a, b) {
  let start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const x = a.slice(start, a.length - end), y = b.slice(start, b.length - end), lines = a.slice(0, start).map((t) => [" ", t]);
  if (x.length * y.length > 4e6) lines.push(...x.map((t) => ["-", t]), ...y.map((t) => ["+", t]));
  else {
    const w = y.length + 1, best = new Uint16Array((x.length + 1) * w);
    for (let i = x.length - 1; i >= 0; i--) for (let j = y.length - 1; j >= 0; j--) best[i * w + j] = x[i] === y[j] ? best[(i + 1) * w + j + 1] + 1 : Math.max(best[(i + 1) * w + j], best[i * w + j + 1]);
    let i = 0, j = 0;
    while (i < x.length || j < y.length) {
      if (i < x.length && j < y.length && x[i] === y[j]) { lines.push([" ", x[i]]); i++; j++; }
      else if (j >= y.length || (i < x.length && best[(i + 1) * w + j] >= best[i * w + j + 1])) lines.push(["-", x[i++]]);
      else lines.push(["+", y[j++]]);
    }
  }
  lines.push(...a.slice(a.length - end).map((t) => [" ", t]));
  if (lines.every(([sign]) => sign === " ")) return el("p", { class: "none" }, "The two texts are equal.");
  return el("pre", { class: "diff" }, lines.map(([sign, t]) => el("span", { class: sign === "+" ? "add" : sign === "-" ? "del" : null }, t || " ")));
}
function stepProgram(by) {
  const { table, row } = state, at = table.rows.indexOf(row), next = table.rows[at + by];
  if (at < 0 || next === undefined) return;
  while (table.shown <= at + by && !table.more.hidden) table.grow();
  openProgram(table, next);
}
