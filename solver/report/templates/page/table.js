// A task's clusters and programs. Rows are made as they are scrolled to: ten thousand cost nothing.
const STEP = 60;
class Programs {
  constructor(box, task, number) {
    this.box = box; this.task = task; this.number = number; this.p = task.programs;
    this.count = this.p.id.length; this.sub = 0; this.sort = "estimate"; this.down = true;
    this.query = ""; this.only = ""; this.cluster = null; this.shown = 0; this.rows = [];
    this.submitted = new Map(); task.history.forEach((h) => { if (h.row >= 0 && !this.submitted.has(h.row)) this.submitted.set(h.row, h); });
    this.sizes = this.p.label.map((column) => { const found = new Map(); for (const l of column) if (l >= 0) found.set(l, (found.get(l) || 0) + 1); return found; });
    const last = [...task.names.keys()].filter((s) => task.worth[s] > 0);
    this.sub = last.length ? last[last.length - 1] : 0;
    this.build(); this.filter();
  }
  name(row) { // without the task's name, which the section says
    const id = this.p.id[row], own = this.task.name + "/";
    return id.startsWith(own) ? id.slice(own.length) : id;
  }
  result(row) { // points on the chosen subtask where they are known
    if (this.p.points) return this.p.points[this.sub][row];
    const h = this.submitted.get(row);
    const at = h && h.told ? this.task.subtasks.findIndex((s) => s.name === this.task.names[this.sub]) : -1;
    return at >= 0 ? h.points[at] : null;
  }
  build() {
    const { task } = this, self = this;
    const pick = (name, label, options, on) => { const made = el("select", { name, onchange: (e) => { on(e.target.value); self.filter(true); } }, options.map(([v, t]) => el("option", { value: v }, t))); return [el("label", {}, label, made), made]; };
    const subtasks = task.names.map((name, s) => [s, task.worth[s] ? `${name} (${round(task.worth[s])})` : name]);
    const [subLabel, subSelect] = pick("subtask", "Subtask", subtasks, (v) => { self.sub = Number(v); self.cluster = null; });
    subSelect.value = this.sub; this.subSelect = subSelect;
    const kinds = [["", "all programs"], ["submitted", "submitted"], ["passes", "pass the examples"], ["full", this.p.points ? "full points on the subtask" : "got the subtask's points"], ["failed", "do not compile"]];
    const [kindLabel, kindSelect] = pick("only", "Show", kinds, (v) => { self.only = v; });
    this.kindSelect = kindSelect;
    this.search = el("input", { type: "search", placeholder: "name, language, verdict  ( / )", "aria-label": `Find a program of ${task.name}`, oninput: () => { this.query = this.search.value.trim().toLowerCase(); this.filter(true); } });
    this.said = el("span", { class: "count", role: "status" });
    this.clear = el("button", { type: "button", hidden: true, onclick: () => { this.cluster = null; this.filter(true); } }, "all clusters");
    this.clusterBox = el("div", {});
    const heads = [["id", "Program", ""], ["language", "Language", "wide"], ["target", "Asked for", "wide"], ["estimate", "Estimate", "n"], ["size", "Cluster", "n"], ["passes", "Examples", "wide"], ["cpu", "Slowest run", "n wide"], ["number", "Submitted", "n"], ["result", "Points", "n"]];
    this.heads = new Map(heads.map(([key, name, kind]) => [key, el("th", { scope: "col", class: kind || null }, el("button", { type: "button", onclick: () => { this.down = this.sort === key ? !this.down : key !== "id" && key !== "language" && key !== "target" && key !== "number"; this.sort = key; this.filter(true); } }, name))]));
    this.body = el("tbody", {});
    this.more = el("button", { type: "button", class: "more", onclick: () => this.grow() }, "more programs");
    this.box.replaceChildren(el("h3", {}, "Clusters"), this.clusterBox, el("h3", { id: `programs-${this.number}` }, `Programs`),
      el("div", { class: "tools" }, subLabel, kindLabel, this.search, this.clear, this.said),
      this.frame = el("div", { class: "scroll frame", tabindex: 0, role: "region", "aria-label": `Programs of ${task.name}` }, el("table", {}, el("thead", {}, el("tr", {}, [...this.heads.values()])), this.body), this.more), this.inputsBox());
    // In a frame of its own, so that what stands below a long table can be reached.
    new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting)) this.grow(); }, { root: this.frame, rootMargin: "300px" }).observe(this.more);
    this.body.addEventListener("click", (e) => { const tr = e.target.closest("tr"); if (tr) openProgram(this, Number(tr.dataset.row)); });
  }
  clusters() {
    const own = new Map(), { p, sub } = this, label = p.label[sub];
    let alive = 0;
    for (let row = 0; row < this.count; row++) {
      const l = label[row]; if (l < 0) continue; alive++;
      const c = own.get(l) || own.set(l, { label: l, size: 0, best: 0, sum: 0, passes: 0, submitted: [], right: 0, row }).get(l);
      const e = p.estimate[sub][row];
      if (e > c.best) { c.best = e; c.row = row; }
      c.size++; c.sum += e; c.passes += p.passes[row];
      if (this.submitted.has(row)) c.submitted.push(this.submitted.get(row).number);
      if (p.points && p.points[sub][row] >= this.task.worth[sub] - 1e-6) c.right++;
    }
    const list = [...own.values()].sort((a, b) => b.best - a.best || b.size - a.size), most = 8;
    const name = this.task.names[sub];
    const rows = (all) => list.slice(0, all ? 200 : most).map((c) => el("tr", { class: "go" },
      el("td", {}, el("button", { type: "button", class: "link", "aria-label": `Programs of cluster ${c.label + 1}`, onclick: () => { this.cluster = c.label; this.only = this.kindSelect.value = ""; this.filter(true); } }, `${c.label + 1}`)),
      el("td", { class: "n" }, grouped(c.size)), el("td", { class: "n" }, percent(c.size / alive)), el("td", { class: "n" }, percent(c.best / 1000)), el("td", { class: "n wide" }, percent(c.sum / c.size / 1000)),
      el("td", { class: "n wide" }, percent(c.passes / c.size)), el("td", { class: "wide" }, c.submitted.sort((x, y) => x - y).slice(0, 6).join(", ") + (c.submitted.length > 6 ? " …" : "")),
      p.points ? el("td", { class: "n" }, c.right ? grouped(c.right) : "–") : null,
      el("td", { class: "wide" }, el("button", { type: "button", class: "link", onclick: () => openProgram(this, c.row) }, this.name(c.row)))));
    const table = (all) => el("table", {}, el("caption", {}, `${plural(list.length, "cluster")} on ${name}: programs that print the same on all of its inputs, best estimate first`),
      el("thead", {}, el("tr", {}, ["No.", "Programs", "Agreement", "Best estimate"].map((t, k) => el("th", { scope: "col", class: k ? "n" : null }, t)), el("th", { scope: "col", class: "n wide" }, "Mean"), el("th", { scope: "col", class: "n wide" }, "Pass examples"), el("th", { scope: "col", class: "wide" }, "Submissions"), p.points ? el("th", { scope: "col", class: "n" }, "Right") : null, el("th", { scope: "col", class: "wide" }, "Its best program"))),
      el("tbody", {}, rows(all)));
    const box = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Clusters of ${this.task.name}` }, table(false));
    this.clusterBox.replaceChildren(box, list.length > most ? el("button", { type: "button", onclick: (e) => { box.replaceChildren(table(true)); e.target.remove(); } }, `show ${list.length > 200 ? "the first 200" : `all ${list.length}`}`) : "");
  }
  filter(said) {
    const { p, sub } = this, label = p.label[sub], rows = [];
    if (this.drawn !== sub) { this.clusters(); this.drawn = sub; }
    const words = this.query.split(/\s+/).filter(Boolean);
    for (let row = 0; row < this.count; row++) {
      if (this.cluster !== null && label[row] !== this.cluster) continue;
      if (this.only === "submitted" && !this.submitted.has(row)) continue;
      if (this.only === "passes" && !p.passes[row]) continue;
      if (this.only === "failed" && p.same[row] >= 0) continue;
      if (this.only === "full") { const r = this.result(row); if (r === null || r < this.task.worth[sub] - 1e-6) continue; }
      if (words.length) {
        const h = this.submitted.get(row);
        const text = `${p.id[row]} ${p.language[row]} ${p.target[row]} ${p.verdict ? p.verdict[row] : h ? h.verdict : ""}`.toLowerCase();
        if (!words.every((w) => text.includes(w))) continue;
      }
      rows.push(row);
    }
    const size = (row) => (label[row] >= 0 ? this.sizes[sub].get(label[row]) : 0);
    const value = { id: (r) => r, language: (r) => p.language[r], target: (r) => p.target[r], estimate: (r) => p.estimate[sub][r], size, passes: (r) => p.passes[r], cpu: (r) => p.cpu_ms[r],
      number: (r) => (this.submitted.has(r) ? this.submitted.get(r).number : Infinity), result: (r) => { const v = this.result(r); return v === null ? -1 : v; } }[this.sort];
    const sign = this.down ? -1 : 1;
    rows.sort((a, b) => { const x = value(a), y = value(b); return (x < y ? -1 : x > y ? 1 : 0) * sign || a - b; });
    this.rows = rows; this.shown = 0; this.body.replaceChildren(); this.frame.scrollTop = 0;
    for (const [key, th] of this.heads) { if (key === this.sort) th.setAttribute("aria-sort", this.down ? "descending" : "ascending"); else th.removeAttribute("aria-sort"); }
    this.clear.hidden = this.cluster === null;
    this.said.textContent = (this.cluster === null ? "" : `cluster ${this.cluster + 1}: `) + (rows.length === this.count ? plural(rows.length, "program") : `${grouped(rows.length)} of ${plural(this.count, "program")}`);
    this.grow();
    if (said) keepFilter(this);
  }
  grow() {
    const { p, sub } = this, part = this.rows.slice(this.shown, this.shown + STEP);
    this.body.append(...part.map((row) => {
      const h = this.submitted.get(row), r = this.result(row), label = p.label[sub][row];
      return el("tr", { class: "go", "data-row": row }, el("td", {}, el("button", { type: "button", class: "link" }, this.name(row))), el("td", { class: "wide" }, p.language[row]), el("td", { class: "wide" }, p.target[row] || "all"),
        el("td", { class: "n" }, label < 0 ? "–" : percent(p.estimate[sub][row] / 1000)), el("td", { class: "n" }, label < 0 ? "–" : `${label + 1} (${this.sizes[sub].get(label)})`), el("td", { class: "wide" }, p.same[row] < 0 ? "no compile" : p.passes[row] ? "pass" : "fail"),
        el("td", { class: "n wide" }, p.cpu_ms[row] ? `${p.cpu_ms[row]} ms` : "–"), el("td", { class: "n" }, h ? String(h.number) : ""), el("td", { class: "n" }, r === null ? "" : round(r)));
    }));
    this.shown += part.length; this.more.hidden = this.shown >= this.rows.length;
    if (!this.rows.length && !this.body.children.length) this.body.append(el("tr", {}, el("td", { colspan: 9, class: "none" }, "No program is like that.")));
  }
  inputsBox() {
    const { task } = this, votes = task.votes;
    if (!task.inputs.length && !votes) return "";
    const validators = votes ? Object.entries(votes.validators) : [];
    const line = (i, k) => el("tr", {}, el("th", { scope: "row" }, String(k + 1)), el("td", {}, i.origin || "–"), el("td", { class: "n" }, i.bytes ? `${grouped(i.bytes)} B` : "–"), el("td", { class: "wide" }, i.subtasks.length === task.names.length ? "all" : i.subtasks.map((s) => task.names[s]).join(", ") || "none"), el("td", { class: "n wide" }, validators.length && i.share ? percent(i.share) : "–"), el("td", {}, el("details", {}, el("summary", {}, i.head.split("\n")[0].slice(0, 28) || "empty"), el("pre", {}, i.head))));
    const parts = [el("summary", {}, `Generated tests and who refused them (${task.inputs.length} kept${votes ? `, ${votes.refused_count} refused` : ""})`)];
    if (votes) parts.push(el("p", { class: "note" }, `${plural(votes.made, "input")} made, ${votes.kept} kept, ${votes.refused_count} refused by validators. `, validators.length ? `Validators with a vote: ${validators.filter((v) => v[1]).length} of ${validators.length}. ` : "No validator has a vote. ", votes.broken.length ? `Do not compile: ${votes.broken.join(", ")}.` : ""));
    parts.push(el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `Inputs of ${task.name}` }, el("table", {}, el("thead", {}, el("tr", {}, ["No.", "From", "Size"].map((t, k) => el("th", { scope: "col", class: k === 2 ? "n" : null }, t)), el("th", { scope: "col", class: "wide" }, "Valid for"), el("th", { scope: "col", class: "n wide" }, "Validators"), el("th", { scope: "col" }, "Begins"))), el("tbody", {}, task.inputs.map(line)))));
    if (votes && votes.refused.length) parts.push(el("h3", {}, "Refused"), el("table", {}, el("thead", {}, el("tr", {}, ["Made for", "Accepted by", "Refused by", "Begins"].map((t) => el("th", { scope: "col" }, t)))), el("tbody", {}, votes.refused.map((r) => el("tr", {}, el("td", {}, r.made_for || "–"), el("td", {}, percent(r.share)), el("td", { class: "id" }, r.by.join(", ") || "–"), el("td", {}, el("details", {}, el("summary", {}, r.head.split("\n")[0].slice(0, 28) || "empty"), el("pre", {}, r.head))))))));
    if (task.helpers.length) parts.push(el("h3", {}, "Programs that made and checked them"), task.helpers.map((h) => el("details", {}, el("summary", {}, `${h.kind} ${h.id}`), coloured(h.source, h.colours))));
    return el("details", {}, parts);
  }
}
