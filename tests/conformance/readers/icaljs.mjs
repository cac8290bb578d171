// Reads iCalendar from standard input with ical.js and prints every date as a line of JSON.
// Run in a folder where `npm install ical.js` was done: node icaljs.mjs < feed.ics
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/`);
const { default: ICAL } = await import(pathToFileURL(require.resolve("ical.js")));

const moment = (time) =>
  time.isDate ? time.toString() : new Date(time.toUnixTime() * 1000).toISOString().slice(0, 19) + "Z";

const text = (value) => (value === null || value === undefined ? "" : String(value));

function tell(uid, start, end, component) {
  const read = (name) => text(component.getFirstPropertyValue(name));
  console.log(
    JSON.stringify({
      uid,
      start: moment(start),
      end: moment(end),
      summary: read("summary"),
      location: read("location"),
      description: read("description"),
      status: read("status"),
      names: component.getAllProperties().map((property) => property.name).sort(),
    }),
  );
}

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}
// Without a list of its own, an event takes every override of the calendar for one of its own.
const events = calendar
  .getAllSubcomponents("vevent")
  .map((one) => new ICAL.Event(one, { exceptions: [] }));
const overrides = events.filter((event) => event.isRecurrenceException());
for (const event of events.filter((one) => !one.isRecurrenceException())) {
  if (!event.isRecurring()) {
    tell(event.uid, event.startDate, event.endDate, event.component);
    continue;
  }
  overrides.filter((one) => one.uid === event.uid).forEach((one) => event.relateException(one));
  const dates = event.iterator();
  for (let next = dates.next(), left = 2000; next && left; next = dates.next(), left--) {
    const found = event.getOccurrenceDetails(next);
    tell(event.uid, found.startDate, found.endDate, found.item.component);
  }
}
