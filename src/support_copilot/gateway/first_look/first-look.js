"use strict";

const main = document.getElementById("main");
const list = document.getElementById("issues");
const more = document.getElementById("more");
let cursor = null;
/** Who is signed in, with the token that each change must carry. */
const me = fetch("/v1/auth/me", { headers: { Accept: "application/json" } }).then((answer) => (answer.ok ? answer.json() : null));

/** An element with text (never HTML) and children. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

async function api(path, options = {}) {
  const answer = await fetch(path, {
    ...options,
    headers: { Accept: "application/json", ...(options.body ? await changing() : {}) },
  });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail || answer.statusText);
  return body;
}

/** Headers of a request that changes something. */
async function changing() {
  return { "Content-Type": "application/json", "X-CSRF-Token": (await me)?.csrf_token || "" };
}

function problem(error) {
  return el("p", { class: "problem", role: "alert" }, error.message);
}

const percent = (share) => `${Math.round(share * 100)} %`;
const hours = (value) => (value < 48 ? `${Math.round(value * 10) / 10} h` : `${Math.round(value / 24)} days`);

function card(title, part, ...content) {
  if (part && part.status === "unavailable") content = [el("p", { class: "quiet" }, part.problem?.detail || "Not available.")];
  const unsure = part && part.status === "unsure" ? el("small", {}, "Not sure: too little to go by.") : null;
  return el("section", { class: "card" }, el("h3", {}, title), ...content, unsure);
}

function factors(part) {
  const items = (part.factors || []).slice(0, 4).map((f) => el("li", {}, el("small", {}, `${f.effect > 0 ? "+" : "−"} ${f.label}`)));
  return items.length ? el("ul", {}, ...items) : null;
}

function similarCard(similar) {
  const rows = (similar.items || []).map((item) =>
    el("li", { class: "message" },
      el("strong", {}, item.subject), " ", el("small", {}, `likeness ${percent(item.similarity || 0)}; ${(item.why || []).join("; ")}`),
      item.resolution ? el("div", {}, `Fix: ${item.resolution.text}`) : el("div", { class: "quiet" }, "No fix recorded")));
  const node = card("Similar past issues", similar, rows.length ? el("ul", {}, ...rows) : el("p", { class: "quiet" }, "None found."));
  node.classList.add("wide");
  return node;
}

function showPanel(panel) {
  const { severity, customer, sentiment, language, category, resolution_time: time, satisfaction_risk: risk, critical } = panel;
  const entities = (panel.entities.items || []).map((e) => `${e.type.replaceAll("_", " ")}: ${e.text}`);
  return el("div", { class: "cards" },
    card("Severity", severity, el("p", { class: `value ${severity.value || ""}` }, `${severity.value || "?"} · ${percent(severity.confidence || 0)}`), factors(severity)),
    card("Critical", critical, el("p", { class: "value" }, critical.value ? "Yes" : "No"), el("small", {}, (critical.reasons || []).join("; "))),
    card("Resolution time", time, el("p", { class: "value" }, time.median_hours ? `about ${hours(time.median_hours)}` : "?"),
      time.low_hours !== undefined && time.low_hours !== null ? el("small", {}, `between ${hours(time.low_hours)} and ${hours(time.high_hours)}, ${percent(time.coverage)} of the time`) : null),
    card("Risk of dissatisfaction", risk, el("p", { class: "value" }, percent(risk.probability || 0)), factors(risk)),
    card("Mood", sentiment, el("p", { class: "value" }, `${sentiment.label || "?"}${sentiment.trend ? `, ${sentiment.trend}` : ""}`)),
    card("Language and category", category, el("p", { class: "value" }, `${language.code || "?"} · ${category.value || "no category"}`)),
    card("Customer", customer, el("p", { class: "value" }, customer.issues_total ? `${customer.issues_total} issues, ${customer.issues_open} open` : customer.customer_id ? "First contact" : "Not known"),
      customer.repeat_contact ? el("small", {}, `${customer.repeat_contact.count} contacts on ${customer.repeat_contact.topic}`) : null),
    card("Found in the text", panel.entities, el("small", {}, entities.join(", ") || "Nothing.")),
    similarCard(panel.similar_issues));
}

async function loadIssues() {
  try {
    const page = await api(`/v1/issues?limit=20${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    for (const issue of page.data) {
      const button = el("button", { type: "button", onclick: () => openIssue(issue.id, button) },
        issue.subject, el("br"), el("small", {}, el("span", { class: `badge ${issue.severity || ""}` }, issue.severity || "no severity"), ` · ${issue.status} · ${issue.created_at.slice(0, 10)}`));
      list.append(el("li", {}, button));
    }
    cursor = page.next_cursor;
    more.hidden = !cursor;
    if (!list.children.length) list.append(el("li", { class: "quiet" }, "No issue yet: run support-copilot demo, or send one to POST /v1/issues."));
  } catch (error) {
    list.append(el("li", {}, problem(error)));
  }
}

async function openIssue(id, button) {
  document.querySelectorAll("#issues [aria-current]").forEach((other) => other.removeAttribute("aria-current"));
  button.setAttribute("aria-current", "true");
  main.replaceChildren(el("p", { class: "quiet" }, "Loading …"));
  try {
    const [issue, panel, messages] = await Promise.all([api(`/v1/issues/${id}`), api(`/v1/issues/${id}/panel`), api(`/v1/issues/${id}/messages?limit=200`)]);
    const draft = el("div", { class: "draft", "aria-label": "Suggested reply" });
    const sources = el("div");
    const ask = el("button", { type: "button", class: "primary", onclick: () => streamDraft(id, ask, draft, sources) }, "Draft a reply");
    const handover = el("button", { type: "button", onclick: () => summarize(id, issue, draft, sources) }, "Summarize");
    main.replaceChildren(el("h2", {}, issue.subject), showPanel(panel), el("div", { class: "actions" }, ask, handover), draft, sources,
      el("h2", {}, "Conversation"), ...messages.data.map((m) => el("div", { class: `message ${m.author} ${m.visibility}` }, el("small", {}, `${m.author}${m.visibility === "internal" ? ", internal note" : ""} · ${m.created_at.slice(0, 16).replace("T", " ")}`), el("br"), m.body)));
    main.focus();
  } catch (error) {
    main.replaceChildren(problem(error));
  }
}

async function streamDraft(id, button, draft, sources) {
  button.disabled = true;
  draft.textContent = "";
  sources.replaceChildren();
  try {
    const answer = await fetch(`/v1/issues/${id}/guidance`, { method: "POST", headers: { ...(await changing()), Accept: "text/event-stream" }, body: "{}" });
    if (!answer.ok) throw new Error((await answer.json()).detail);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let waiting = "";
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const events = (waiting + chunk.value.replaceAll("\r\n", "\n")).split("\n\n");
      waiting = events.pop();
      events.forEach((event) => onDraftEvent(event, draft, sources));
    }
  } catch (error) {
    sources.replaceChildren(problem(error));
  } finally {
    button.disabled = false;
  }
}

function onDraftEvent(event, draft, sources) {
  const name = /^event: ?(.*)$/m.exec(event)?.[1];
  const data = [...event.matchAll(/^data: ?(.*)$/gm)].map((line) => line[1]).join("\n");
  if (!name || !data) return;
  const value = JSON.parse(data);
  if (name === "token") draft.append(value.text);
  if (name === "done") draft.textContent = value.text;
  if (name === "citation") sources.append(el("div", {}, el("small", {}, `[${value.index}] ${value.source.kind}: ${value.source.title}`)));
  if (name === "check" && value.verdict !== "pass") sources.append(el("div", {}, el("small", {}, `${value.verdict}: ${value.name}: ${value.detail || ""}`)));
  if (name === "error") sources.append(problem(new Error(value.detail)));
}

async function summarize(id, issue, draft, sources) {
  draft.textContent = "";
  sources.replaceChildren();
  try {
    const kind = issue.status === "resolved" || issue.status === "closed" ? "resolution" : "handover";
    const summary = await api(`/v1/issues/${id}/summary`, { method: "POST", body: JSON.stringify({ kind }) });
    draft.textContent = summary.text;
  } catch (error) {
    sources.replaceChildren(problem(error));
  }
}

document.getElementById("analyze").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = document.getElementById("text").value;
  main.replaceChildren(el("p", { class: "quiet" }, "Analyzing …"));
  try {
    const panel = await api("/v1/analyze", { method: "POST", body: JSON.stringify({ body }) });
    main.replaceChildren(el("h2", {}, `Analyzed in ${Math.round(panel.duration_ms)} ms, nothing stored`), showPanel(panel));
    main.focus();
  } catch (error) {
    main.replaceChildren(problem(error));
  }
});
more.addEventListener("click", loadIssues);
document.getElementById("sign-out").addEventListener("click", async () => {
  await fetch("/v1/auth/logout", { method: "POST", headers: await changing() });
  location.replace("/sign-in");
});
me.then((person) => {
  if (person) loadIssues();
  else location.replace("/sign-in");
});
