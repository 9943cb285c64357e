// Charts are drawn at the width that they have, so that their letters stay readable on a phone.
function niceSteps(most, wanted) {
  if (!(most > 0)) return [0, 1];
  const raw = most / wanted, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((s) => s >= raw);
  const found = [];
  for (let k = 0; k * step <= most * 1.0001; k++) found.push(Number((k * step).toPrecision(12)));
  return found;
}
const short = (v) => (v >= 1e6 ? round(v / 1e6, 1) + "M" : v >= 1e4 ? round(v / 1e3, 0) + "k" : round(v));

// series: {name, color, dash, x, y, low, high, step, dots: [{x, y, title}]}
function lineChart(box, { series, top, right, xName, label, marks = [], square = false, time = false }) {
  const width = Math.max(260, box.clientWidth), height = square ? Math.min(width, 340) : width < 500 ? 220 : 250;
  const m = { left: 40, right: width < 500 ? 12 : 14, top: 12, bottom: 38 };
  const w = width - m.left - m.right, h = height - m.top - m.bottom;
  const x = (v) => m.left + (right ? (v / right) * w : 0), y = (v) => m.top + h - (v / (top || 1)) * h;
  const svg = el("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": label });
  for (const tick of niceSteps(top, 4)) {
    svg.append(el("line", { x1: m.left, x2: m.left + w, y1: y(tick), y2: y(tick), style: "stroke:var(--line)" }),
      el("text", { x: m.left - 7, y: y(tick) + 4, "text-anchor": "end" }, short(tick)));
  }
  // What is counted along the bottom comes whole: no half submissions.
  const xs = time ? timeSteps(right) : niceSteps(right, width < 500 ? 4 : 7).filter(Number.isInteger);
  for (const tick of xs) svg.append(el("text", { x: x(tick), y: m.top + h + 17, "text-anchor": "middle" }, time ? time(tick) : short(tick)));
  svg.append(el("text", { x: m.left + w, y: height - 4, "text-anchor": "end" }, xName));
  for (const mark of marks) {
    if (mark.y > top) continue;
    svg.append(el("line", { x1: m.left, x2: m.left + w, y1: y(mark.y), y2: y(mark.y), style: "stroke:var(--edge)", "stroke-dasharray": "1 4" }),
      el("text", { x: m.left + w, y: y(mark.y) - 4, "text-anchor": "end" }, mark.name));
  }
  for (const s of series) {
    if (!s.low) continue;
    const up = s.x.map((v, k) => `${x(v)},${y(s.high[k])}`), down = s.x.map((v, k) => `${x(v)},${y(s.low[k])}`).reverse();
    svg.append(el("polygon", { points: [...up, ...down].join(" "), style: `fill:var(--${s.color});opacity:.13` }));
  }
  const labels = [];
  for (const s of series) {
    let path = "";
    s.x.forEach((v, k) => { path += k === 0 ? `M${x(v)} ${y(s.y[k])}` : s.step ? `H${x(v)}V${y(s.y[k])}` : `L${x(v)} ${y(s.y[k])}`; });
    svg.append(el("path", { d: path, style: `fill:none;stroke:var(--${s.color});stroke-width:2`, "stroke-dasharray": s.dash || "none" }));
    for (const dot of s.dots || []) {
      svg.append(el("circle", { cx: x(dot.x), cy: y(dot.y), r: 3.5, style: `fill:var(--${s.color})` }, el("title", {}, dot.title)));
    }
    if (s.name && s.x.length) labels.push({ s, y: y(s.y[s.y.length - 1]) });
  }
  box.replaceChildren(svg, series.some((s) => s.name) ? legend(series) : "");
}
function legend(series) {
  return el("div", { class: "note", style: "display:flex;flex-wrap:wrap;gap:2px 16px" }, series.filter((s) => s.name).map((s) => el("span", { style: "white-space:nowrap" },
    el("svg", { viewBox: "0 0 26 8", width: 26, height: 8, "aria-hidden": "true", style: "display:inline;width:26px;margin-right:6px" },
      el("line", { x1: 0, x2: 26, y1: 4, y2: 4, style: `stroke:var(--${s.color});stroke-width:2.5`, "stroke-dasharray": s.dash || "none" })), s.name)));
}
const minutes = (s) => `${Math.floor(s / 60)}:${String(Math.round(s % 60)).padStart(2, "0")}`;
const clock = (s) => { const m = Math.round(s / 60); return `${Math.floor(m / 60)}:${String(m % 60).padStart(2, "0")}`; };
function timeSteps(most) {
  const step = [5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 86400].find((s) => most / s <= 6) || most / 5;
  const found = []; for (let t = 0; t <= most * 1.001; t += step) found.push(t); return found;
}

function heatMap(box, task) {
  const parts = task.subtasks.map((p, s) => ({ ...p, s })).filter((p) => p.max_points > 0), count = task.history.length;
  const width = Math.max(260, box.clientWidth), left = Math.min(130, width * 0.3), w = width - left, cell = Math.min(w / count, 62), row = 24;
  const svg = el("svg", { viewBox: `0 0 ${width} ${parts.length * row + 18}`, height: parts.length * row + 18, role: "img", "aria-label": `Subtask points of ${task.name} by submission` });
  parts.forEach((part, r) => {
    const name = part.name.length > left / 7 ? part.name.slice(0, left / 7 - 1) + "…" : part.name;
    svg.append(el("text", { x: left - 8, y: r * row + 15, "text-anchor": "end" }, name, el("title", {}, part.name)));
    for (const h of task.history) {
      const share = Math.min(1, h.points[part.s] / part.max_points), x = left + (h.number - 1) * cell;
      svg.append(el("rect", { x, y: r * row, width: Math.max(1, Math.min(cell - 1.5, 60)), height: row - 3, rx: 2, style: `fill:rgba(var(--heat),${0.09 + 0.78 * share})` },
        el("title", {}, `submission ${h.number}, ${part.name}: ${round(h.points[part.s])} of ${round(part.max_points)}`)));
      if (share >= 1) svg.append(el("circle", { cx: x + Math.min(cell - 1.5, 60) / 2, cy: r * row + (row - 3) / 2, r: Math.min(3, Math.max(1, cell / 4)), style: "fill:var(--heat-ink);pointer-events:none" }));
    }
  });
  const step = Math.max(1, Math.ceil(count / Math.max(1, w / 34)));
  for (let k = 1; k <= count; k += step) svg.append(el("text", { x: left + (k - 1) * cell + Math.min(cell - 1.5, 60) / 2, y: parts.length * row + 13, "text-anchor": "middle" }, String(k)));
  box.replaceChildren(svg);
}

function sumChart(box) {
  const d = box.dataset, nums = (t) => t.split(",").map(Number), max = Number(d.max);
  const rows = [["random choice", nums(d.random), "grey"], ["strategy", nums(d.strategy), "blue"], ["this run", [Number(d.run)], "ink"], ["whole pool", [Number(d.oracle)], "orange"]];
  const width = Math.max(260, box.clientWidth), left = 104, right = 56, w = width - left - right, row = 26;
  const x = (v) => left + (v / (max || 1)) * w;
  const svg = el("svg", { viewBox: `0 0 ${width} ${rows.length * row}`, height: rows.length * row, role: "img",
    "aria-label": rows.map(([name, v]) => `${name} ${round(v[0], 1)}`).join(", ") + ` of ${round(max)} points` });
  rows.forEach(([name, v, color], r) => {
    const at = r * row + 13;
    svg.append(el("text", { x: left - 10, y: at + 4, "text-anchor": "end" }, name),
      el("line", { x1: left, x2: left + w, y1: at, y2: at, style: "stroke:var(--line)" }));
    if (v.length > 1) svg.append(el("line", { x1: x(v[1]), x2: x(v[2]), y1: at, y2: at, style: `stroke:var(--${color});stroke-width:8;opacity:.3` }));
    svg.append(el("circle", { cx: x(v[0]), cy: at, r: 5, style: `fill:var(--${color})` }),
      el("text", { x: left + w + 12, y: at + 4, style: "fill:var(--ink);font-weight:600" }, round(v[0], 1)));
  });
  box.replaceChildren(svg);
}

function calibrationChart(box, found) {
  const bins = found.bins.filter((b) => b.count);
  const wilson = (b) => {
    const z = 1.96, n = b.count, p = b.observed, mid = (p + z * z / (2 * n)) / (1 + z * z / n);
    const half = (z / (1 + z * z / n)) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return [mid - half, mid + half];
  };
  const x = bins.map((b) => 100 * b.predicted);
  lineChart(box, {
    top: 100, right: 100, xName: "expected, %", label: "Calibration: share that came true against the estimate", square: true,
    series: [{ color: "grey", dash: "2 4", name: "as it should be", x: [0, 100], y: [0, 100] },
      { color: "blue", name: "came true, %, with 95 % interval", x, y: bins.map((b) => 100 * b.observed), low: bins.map((b) => 100 * wilson(b)[0]), high: bins.map((b) => 100 * wilson(b)[1]),
        dots: bins.map((b) => ({ x: 100 * b.predicted, y: 100 * b.observed, title: `${b.count} estimates near ${percent(b.predicted)}: ${percent(b.observed)} came true` })) }],
  });
}

function submissionsChart(box, task) {
  const run = { name: "this run", color: "ink", step: true, x: task.curve.map((_, k) => k), y: task.curve,
    dots: task.history.filter((h) => h.gained > 0).map((h) => ({ x: h.number, y: h.best, title: `${h.number}: ${h.id}, +${round(h.gained)} points` })) };
  const series = [], b = task.beside;
  let right = Math.max(1, task.curve.length - 1);
  if (b) {
    right = Math.max(right, Math.min(b.random.mean.length - 1, 50));
    const cut = (band) => ({ x: band.mean.slice(0, right + 1).map((_, k) => k), y: band.mean.slice(0, right + 1), low: band.low.slice(0, right + 1), high: band.high.slice(0, right + 1) });
    series.push({ name: "random", color: "grey", dash: "6 4", ...cut(b.random) }, { name: "strategy", color: "blue", ...cut(b.strategy) },
      { name: "whole pool", color: "orange", dash: "2 3", x: [0, right], y: [b.oracle, b.oracle] });
  }
  lineChart(box, { series: [...series, run], top: task.max, right, xName: "submissions", label: `Points of ${task.name} after each submission: ${task.curve.map((p) => round(p)).join(", ")}` });
}

function sampledChart(box, task) {
  const tokens = task.tokens, count = task.programs ? task.programs.id.length : 0, at = (n) => (tokens.length ? tokens[Math.max(0, n - 1)] : n);
  const right = count ? at(count) : 1, series = [], b = task.beside;
  if (b) {
    const x = [0, ...b.sampled.map(at)], from = (band) => ({ x, y: [0, ...band.mean], low: [0, ...band.low], high: [0, ...band.high] });
    series.push({ name: "best of all until then", color: "orange", dash: "2 3", ...from(b.pool) }, { name: "strategy, all submissions", color: "blue", ...from(b.chosen) });
  }
  const drawn = task.history.filter((h) => h.row >= 0).sort((p, q) => p.row - q.row), best = task.subtasks.map(() => 0);
  const run = { name: "submitted programs", color: "ink", step: true, x: [0], y: [0], dots: [] };
  for (const h of drawn) {
    const before = run.y[run.y.length - 1];
    h.points.forEach((p, s) => { best[s] = Math.max(best[s], p); });
    const now = Math.min(task.max, h.told ? best.reduce((p, q) => p + q, 0) : Math.max(before, h.gained));
    run.x.push(at(h.row + 1)); run.y.push(now);
    if (now > before) run.dots.push({ x: at(h.row + 1), y: now, title: `${h.id}: ${round(now)} points` });
  }
  run.x.push(right); run.y.push(run.y[run.y.length - 1]);
  lineChart(box, { series: [...series, run], top: task.max, right, xName: tokens.length ? "tokens sampled" : "programs sampled", label: `Points of ${task.name} by what was sampled` });
}

function contestChart(box, index) {
  const all = index.tasks.flatMap((task, t) => task.history.map((h) => ({ ...h, t, task: task.name }))).sort((p, q) => p.at - q.at || p.number - q.number);
  const now = index.tasks.map(() => 0), run = { color: "ink", step: true, x: [0], y: [0], dots: [] };
  for (const h of all) {
    now[h.t] = h.best;
    const sum = now.reduce((p, q) => p + q, 0);
    run.x.push(h.at); run.y.push(sum);
    if (h.gained > 0) run.dots.push({ x: h.at, y: sum, title: `${clock(h.at)}: ${h.task} +${round(h.gained)}` });
  }
  const last = Math.max(60, run.x[run.x.length - 1]), brief = last < 900;
  lineChart(box, { series: [run], top: index.max, right: last, time: brief ? minutes : clock, xName: brief ? "contest time, min:s" : "contest time, h:min", label: `Sum of points over time, up to ${round(index.points)}`,
    marks: Object.entries(index.medals).map(([name, y]) => ({ name, y })) });
}
