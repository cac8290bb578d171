/* Reads iCalendar from standard input with libical and prints every date as a line of text:
   uid, start, end, status, summary, location, description, separated by tabs; in texts a
   backslash, a tab and a line break are escaped. Build: cc libical.c -lical -o libical */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void text(const char *value)
{
    putchar('\t');
    for (; value && *value; value++) {
        if (*value == '\\') fputs("\\\\", stdout);
        else if (*value == '\t') fputs("\\t", stdout);
        else if (*value == '\n') fputs("\\n", stdout);
        else putchar(*value);
    }
}

static void moment(struct icaltimetype at)
{
    char told[40];
    struct tm parts;
    time_t seconds;
    if (at.is_date) {
        snprintf(told, sizeof told, "%04d-%02d-%02d", at.year, at.month, at.day);
    } else {
        seconds = icaltime_as_timet_with_zone(at, at.zone);
        strftime(told, sizeof told, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
    }
    text(told);
}

static const char *status(icalcomponent *event)
{
    icalproperty *found = icalcomponent_get_first_property(event, ICAL_STATUS_PROPERTY);
    return found ? icalproperty_status_to_string(icalproperty_get_status(found)) : "";
}

static void tell(icalcomponent *event, struct icaltimetype start, struct icaltimetype end)
{
    fputs(icalcomponent_get_uid(event), stdout);
    moment(start);
    moment(end);
    text(status(event));
    text(icalcomponent_get_summary(event));
    text(icalcomponent_get_location(event));
    text(icalcomponent_get_description(event));
    putchar('\n');
}

struct series {
    icalcomponent *calendar, *master;
};

/* The override of the date that starts at this moment, or NULL. */
static icalcomponent *override_of(struct series *series, time_t start)
{
    icalcomponent *one;
    icalcompiter each = icalcomponent_begin_component(series->calendar, ICAL_VEVENT_COMPONENT);
    while ((one = icalcompiter_deref(&each)) != NULL) {
        icalproperty *id = icalcomponent_get_first_property(one, ICAL_RECURRENCEID_PROPERTY);
        if (id && !strcmp(icalcomponent_get_uid(one), icalcomponent_get_uid(series->master))) {
            icalparameter *name = icalproperty_get_first_parameter(id, ICAL_TZID_PARAMETER);
            icaltimezone *zone = name ? icalcomponent_get_timezone(series->calendar,
                icalparameter_get_tzid(name)) : icaltimezone_get_utc_timezone();
            if (icaltime_as_timet_with_zone(icalproperty_get_recurrenceid(id), zone) == start)
                return one;
        }
        icalcompiter_next(&each);
    }
    return NULL;
}

static void each_date(icalcomponent *master, struct icaltime_span *span, void *data)
{
    struct series *series = data;
    icalcomponent *override = override_of(series, span->start);
    if (override) {
        tell(override, icalcomponent_get_dtstart(override), icalcomponent_get_dtend(override));
    } else {
        icaltimezone *utc = icaltimezone_get_utc_timezone();
        tell(master, icaltime_from_timet_with_zone(span->start, 0, utc),
             icaltime_from_timet_with_zone(span->end, 0, utc));
    }
}

int main(void)
{
    size_t room = 1 << 20, size = 0;
    char *feed = malloc(room);
    while (!feof(stdin)) {
        if (size + 65536 > room) feed = realloc(feed, room *= 2);
        size += fread(feed + size, 1, 65535, stdin);
    }
    feed[size] = 0;
    icalcomponent *calendar = icalparser_parse_string(feed);
    if (!calendar) return 1;
    struct icaltimetype from = icaltime_from_string("20000101T000000Z");
    struct icaltimetype to = icaltime_from_string("20450101T000000Z");
    icalcompiter each = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    icalcomponent *event;
    for (; (event = icalcompiter_deref(&each)) != NULL; icalcompiter_next(&each)) {
        if (icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY)) continue;
        if (icalcomponent_get_dtstart(event).is_date) {
            tell(event, icalcomponent_get_dtstart(event), icalcomponent_get_dtend(event));
            continue;
        }
        struct series series = {calendar, event};
        icalcomponent_foreach_recurrence(event, from, to, each_date, &series);
    }
    return 0;
}
