// The resource calendar, apart from the rest: only the pages that show one load it.
import { createCalendar, destroyCalendar, Interaction, ResourceTimeGrid, TimeGrid } from "@event-calendar/core";

window.DaysheetCalendar = { createCalendar, destroyCalendar, plugins: [Interaction, ResourceTimeGrid, TimeGrid] };
