<?php
// Reads iCalendar from standard input with sabre/vobject and prints every date as a line of JSON.
// Debian's version expands rules and EXDATE, but loses the override of a first date; so overrides
// are put in their places here, by RECURRENCE-ID.
require '/usr/share/php/Sabre/VObject/includes.php';
// The library is older than this PHP.
error_reporting(E_ALL & ~E_DEPRECATED);

use Sabre\VObject\Component\VCalendar;
use Sabre\VObject\Reader;
use Sabre\VObject\RecurrenceIterator;

function text($event, $name)
{
    // This version takes away the backslash before n and another backslash alone.
    $value = isset($event->$name) ? (string) $event->$name->value : '';
    return preg_replace('/\\\\([,;])/', '$1', $value);
}

function moment($date, $wholeDay)
{
    $utc = clone $date;
    return $wholeDay ? $date->format('Y-m-d')
        : $utc->setTimeZone(new DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z');
}

function tell($event, $start, $end)
{
    $wholeDay = strlen($event->DTSTART->value) === 8;
    $names = array();
    foreach ($event->children as $child) {
        $names[] = strtolower($child->name);
    }
    sort($names);
    echo json_encode(array(
        'uid' => text($event, 'UID'),
        'start' => moment($start, $wholeDay),
        'end' => moment($end, $wholeDay),
        'summary' => text($event, 'SUMMARY'),
        'location' => text($event, 'LOCATION'),
        'description' => text($event, 'DESCRIPTION'),
        'status' => text($event, 'STATUS'),
        'names' => $names,
    ), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR), "\n";
}

$calendar = Reader::read(stream_get_contents(STDIN));
$overrides = array();
foreach ($calendar->select('VEVENT') as $event) {
    if (isset($event->{'RECURRENCE-ID'})) {
        $of = $event->{'RECURRENCE-ID'}->getDateTime()->getTimestamp();
        $overrides[text($event, 'UID')][$of] = $event;
    }
}
foreach ($calendar->select('VEVENT') as $event) {
    if (isset($event->{'RECURRENCE-ID'})) {
        continue;
    }
    if (!isset($event->RRULE)) {
        tell($event, $event->DTSTART->getDateTime(), $event->DTEND->getDateTime());
        continue;
    }
    $series = new VCalendar();
    $series->add(clone $event);
    $uid = text($event, 'UID');
    for ($dates = new RecurrenceIterator($series, $uid); $dates->valid(); $dates->next()) {
        $of = $dates->getDtStart()->getTimestamp();
        if (isset($overrides[$uid][$of])) {
            $one = $overrides[$uid][$of];
            tell($one, $one->DTSTART->getDateTime(), $one->DTEND->getDateTime());
        } else {
            tell($event, $dates->getDtStart(), $dates->getDtEnd());
        }
    }
}
