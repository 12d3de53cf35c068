// One script for every page: htmx for pieces, Alpine (its CSP build) for small folds, our own rules beside them.
// Everything here only makes a plain page faster: without it every form and link still works.
import htmx from "htmx.org";
import Alpine from "@alpinejs/csp";
import { fields } from "./fields.js";
import { focus } from "./focus.js";
import { forms } from "./forms.js";
import { holds } from "./holds.js";
import { keys } from "./keys.js";
import { live } from "./live.js";
import { lock } from "./lock.js";
import { shell } from "./shell.js";
import { toasts } from "./toasts.js";
import { keepTyped } from "./typed.js";

window.htmx = htmx;
window.Alpine = Alpine;
document.documentElement.classList.add("scripted");

for (const part of [shell, forms, fields, focus, keys, toasts, live, keepTyped, holds, lock]) part(htmx);
Alpine.start();
