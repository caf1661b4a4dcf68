"use strict";

/** The three doors: each asks for some fields and sends them to one address. */
const doors = {
  "/sign-in": {
    title: "Sign in", action: "Sign in", path: "/v1/auth/login",
    fields: [["email", "E-mail", "email", "username"], ["password", "Password", "password", "current-password"]],
  },
  "/setup": {
    title: "Make the first administrator", action: "Make it and sign in", path: "/v1/auth/setup", token: true,
    fields: [["name", "Your name", "text", "name"], ["email", "E-mail", "email", "username"], ["password", "Password", "password", "new-password"]],
  },
  "/reset-password": {
    title: "Set a password", action: "Set it", path: "/v1/auth/password/reset", token: true,
    fields: [["password", "New password", "password", "new-password"]],
  },
};
const problems = {
  no_role: "The identity provider knows you, but you have no role here. Ask whoever runs this installation.",
  oidc_refused: "The identity provider's answer does not let you in. Try again.",
  email_taken: "Another user has your address. Ask whoever runs this installation.",
  identity_provider_unavailable: "The identity provider does not answer. Try again in a moment.",
};
const door = doors[location.pathname] || doors["/sign-in"];
// In the part behind #, which browsers send to nobody; taken out of the history at once.
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname + location.search);

const form = document.getElementById("form");
const problem = document.getElementById("problem");

function say(text) {
  problem.className = text ? "problem" : "";
  problem.textContent = text;
}

function ask([name, label, type, autocomplete]) {
  if (form.elements[name]) return;
  const field = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { name, type, autocomplete, required: true });
  field.append(label, input);
  form.insertBefore(field, form.lastChild);
  input.focus();
}

async function send(event) {
  event.preventDefault();
  say("");
  const body = Object.fromEntries(new FormData(form));
  if (door.token) body.token = token || "";
  const answer = await fetch(door.path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (answer.ok) {
    location.replace(door.path.endsWith("reset") ? "/sign-in" : "/");
    return;
  }
  const refusal = await answer.json();
  if (refusal.code === "second_factor_required") ask(["code", "Code of your authenticator", "text", "one-time-code"]);
  else say(refusal.detail);
}

document.getElementById("title").textContent = door.title;
const button = document.createElement("button");
button.className = "primary";
button.textContent = door.action;
form.append(button);
door.fields.forEach(ask);
form.querySelector("input").focus();
form.addEventListener("submit", send);
const told = new URLSearchParams(location.search).get("problem");
if (told) say(problems[told] || "Signing in did not work. Try again.");
fetch("/v1/auth/options").then((answer) => answer.json()).then((options) => {
  if (options.provider && !door.token) {
    const link = document.createElement("a");
    link.href = "/v1/auth/oidc/start";
    link.textContent = options.provider;
    document.getElementById("provider").append(link);
  }
  if (options.setup_needed && !door.token) say("Nobody runs this installation yet: open the link that its start printed.");
});
