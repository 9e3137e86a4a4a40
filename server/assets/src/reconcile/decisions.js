// The list of names with their candidates, which a person goes through by keyboard:
// arrows or j and k move, 1 to 5 choose a candidate, 0 says none of them, u takes it back.

import { say } from "../words.js";

const AT_ONCE = 100;

export class Decisions {
  constructor(parent, names, found) {
    this.found = found;
    // What is certain comes last: there is nothing to decide.
    const certain = (name) => found.get(name).some((one) => one.match);
    this.names = [...names.filter((n) => !certain(n)), ...names.filter(certain)];
    this.choices = new Map();
    this.undone = [];
    this.shown = 0;
    this.status = document.createElement("p");
    this.status.setAttribute("role", "status");
    this.list = document.createElement("ol");
    this.list.className = "decisions";
    this.more = document.createElement("button");
    this.more.type = "button";
    this.more.addEventListener("click", () => this.showMore());
    const help = document.createElement("p");
    help.textContent = say(
      "Go to a name and decide: arrows move, 1 to 5 choose a candidate, 0 says none of them, u takes back.",
    );
    parent.append(help, this.status, this.list, this.more);
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("change", (event) => {
      const item = event.target.closest("li");
      this.choose(item.dataset.name, Number(event.target.value));
    });
  }

  show() {
    this.showMore();
    this.count();
    this.list.querySelector("li")?.focus();
  }

  /** Return what each name stands for, by a person's choice or because it is certain. */
  decided() {
    const all = new Map();
    for (const name of this.names) {
      const candidates = this.found.get(name);
      const choice = this.choices.get(name);
      const candidate = choice === undefined ? candidates.find((one) => one.match) : candidates[choice];
      if (candidate) all.set(name, { candidate, byPerson: choice !== undefined });
    }
    return all;
  }

  showMore() {
    for (const name of this.names.slice(this.shown, this.shown + AT_ONCE)) this.list.append(this.item(name));
    this.shown = Math.min(this.shown + AT_ONCE, this.names.length);
    this.more.hidden = this.shown === this.names.length;
    this.more.textContent = say("Show more ({count} left)", { count: this.names.length - this.shown });
  }

  item(name) {
    const item = document.createElement("li");
    item.tabIndex = -1;
    item.dataset.name = name;
    if (this.list.childElementCount === 0) item.tabIndex = 0;
    const group = document.createElement("fieldset");
    const legend = document.createElement("legend");
    const text = document.createElement("bdi");
    text.textContent = name;
    legend.append(text);
    group.append(legend);
    const candidates = this.found.get(name);
    const certain = candidates.findIndex((one) => one.match);
    candidates.forEach((one, place) => {
      const kinds = one.type.map((type) => type.name).join(", ");
      group.append(this.option(name, place, `${place + 1} `, one.name, ` ${kinds}; ${say("{score} points", { score: one.score })} – ${one.reason}`, place === certain));
    });
    group.append(this.option(name, -1, "0 ", say("none of these"), "", false));
    item.append(group);
    return item;
  }

  option(name, value, before, main, after, checked) {
    const label = document.createElement("label");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = `choice-${name}`;
    radio.value = value;
    radio.checked = checked;
    const strong = document.createElement("strong");
    strong.textContent = main;
    const small = document.createElement("small");
    small.textContent = after;
    label.append(radio, before, strong, small);
    const line = document.createElement("div");
    line.append(label);
    return line;
  }

  key(event) {
    const item = event.target.closest("li");
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const name = item.dataset.name;
    if (["ArrowDown", "j"].includes(event.key)) this.go(item.nextElementSibling);
    else if (["ArrowUp", "k"].includes(event.key)) this.go(item.previousElementSibling);
    else if (event.key === "u") this.undo();
    else if (/^[0-5]$/.test(event.key) && Number(event.key) <= this.found.get(name).length) {
      this.choose(name, Number(event.key) - 1);
      this.mark(name);
      this.go(item.nextElementSibling);
    } else return;
    event.preventDefault();
  }

  choose(name, choice) {
    this.undone.push([name, this.choices.get(name)]);
    this.choices.set(name, choice);
    this.count();
  }

  undo() {
    const last = this.undone.pop();
    if (!last) return;
    const [name, choice] = last;
    if (choice === undefined) this.choices.delete(name);
    else this.choices.set(name, choice);
    this.mark(name);
    this.count();
    this.go([...this.list.children].find((item) => item.dataset.name === name));
  }

  mark(name) {
    const choice = this.choices.get(name) ?? this.found.get(name).findIndex((one) => one.match);
    const item = [...this.list.children].find((one) => one.dataset.name === name);
    const undecided = !this.choices.has(name) && choice === -1;
    for (const radio of item?.querySelectorAll("input") ?? []) {
      radio.checked = !undecided && Number(radio.value) === choice;
    }
  }

  go(item) {
    if (!item) return;
    for (const one of this.list.querySelectorAll("li[tabindex='0']")) one.tabIndex = -1;
    item.tabIndex = 0;
    item.focus();
  }

  count() {
    const open = this.names.filter(
      (name) => !this.choices.has(name) && !this.found.get(name).some((one) => one.match),
    ).length;
    this.status.textContent = say("{decided} of {count} names decided, {open} open.", {
      decided: this.decided().size,
      count: this.names.length,
      open,
    });
  }
}
