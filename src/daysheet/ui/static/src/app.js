// One script for every page: htmx for pieces, Alpine (its CSP build) for small folds, our own rules beside them.
import htmx from "htmx.org";
import Alpine from "@alpinejs/csp";

window.htmx = htmx;
window.Alpine = Alpine;
document.documentElement.classList.add("scripted");
Alpine.start();
