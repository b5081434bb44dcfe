//! The calendar of an organisation: what its configuration says of it, and the cycles that it has.

use std::fs;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tickmark::config::{self, Configured};
use tickmark::facts::calendar::{Cadence, Calendar, Cycle, Day, Period};

fn day(text: &str) -> Day {
    Day(text.parse().unwrap())
}

fn fiscal_from(month: u8) -> Calendar {
    Calendar { fiscal_start: month, ..Calendar::new(TimeZone::UTC, Period::default(), Timestamp::UNIX_EPOCH) }
}

fn written(cycle: &Cycle) -> String {
    format!("{} {}..{}", cycle.name, cycle.from, cycle.to)
}

#[track_caller]
fn cycles(fiscal_start: u8, cadence: &str, period: &str, expected: &[&str]) {
    let (from, to) = period.split_once("..").unwrap();
    let found = fiscal_from(fiscal_start).cycles(cadence.parse().unwrap(), day(from), day(to));
    assert_eq!(found.iter().map(written).collect::<Vec<_>>(), expected, "{cadence} {period}");
    for cycle in found {
        assert_eq!(Cycle::parse(&cycle.name, fiscal_start).unwrap(), cycle, "a name leads back to its cycle");
    }
}

#[test]
fn quarters_overlap_the_period_and_are_not_cut() {
    cycles(
        1,
        "quarterly",
        "2026-03-31..2026-07-01",
        &["2026-Q1 2026-01-01..2026-03-31", "2026-Q2 2026-04-01..2026-06-30", "2026-Q3 2026-07-01..2026-09-30"],
    );
    cycles(1, "quarterly", "2026-04-01..2026-06-30", &["2026-Q2 2026-04-01..2026-06-30"]);
    cycles(1, "quarterly", "2026-04-02..2026-04-01", &[]);
}

#[test]
fn fiscal_years_have_the_number_of_the_year_in_which_they_end() {
    cycles(
        4,
        "quarterly",
        "2026-01-01..2026-06-30",
        &["FY2026-Q4 2026-01-01..2026-03-31", "FY2027-Q1 2026-04-01..2026-06-30"],
    );
    cycles(
        4,
        "semi-annually",
        "2026-03-31..2026-04-01",
        &["FY2026-H2 2025-10-01..2026-03-31", "FY2027-H1 2026-04-01..2026-09-30"],
    );
    cycles(4, "annually", "2026-03-31..2026-03-31", &["FY2026 2025-04-01..2026-03-31"]);
    cycles(10, "annually", "2025-10-01..2025-10-01", &["FY2026 2025-10-01..2026-09-30"]);
    cycles(2, "quarterly", "2026-01-31..2026-01-31", &["FY2026-Q4 2025-11-01..2026-01-31"]);
    cycles(12, "annually", "2025-12-01..2025-12-01", &["FY2026 2025-12-01..2026-11-30"]);
    cycles(4, "monthly", "2026-03-31..2026-03-31", &["2026-03 2026-03-01..2026-03-31"]);
}

#[test]
fn weeks_are_those_of_iso_8601() {
    cycles(
        1,
        "weekly",
        "2026-12-28..2027-01-04",
        &["2026-W53 2026-12-28..2027-01-03", "2027-W01 2027-01-04..2027-01-10"],
    );
    cycles(1, "weekly", "2026-01-01..2026-01-01", &["2026-W01 2025-12-29..2026-01-04"]);
    cycles(1, "weekly", "2023-01-01..2023-01-01", &["2022-W52 2022-12-26..2023-01-01"]);
}

#[test]
fn the_other_cadences() {
    cycles(
        1,
        "daily",
        "2028-02-29..2028-03-01",
        &["2028-02-29 2028-02-29..2028-02-29", "2028-03-01 2028-03-01..2028-03-01"],
    );
    cycles(1, "monthly", "2028-02-29..2028-02-29", &["2028-02 2028-02-01..2028-02-29"]);
    cycles(
        1,
        "semi-annually",
        "2026-06-30..2026-07-01",
        &["2026-H1 2026-01-01..2026-06-30", "2026-H2 2026-07-01..2026-12-31"],
    );
    cycles(1, "annually", "2026-06-30..2026-07-01", &["2026 2026-01-01..2026-12-31"]);
    let all = fiscal_from(1).cycles(Cadence::Monthly, day("2026-01-15"), day("2027-01-01"));
    assert_eq!(all.len(), 13);
}

#[test]
fn cycles_hold_their_edges_and_leave_nothing_between_them() {
    for start in 1..=12 {
        for (cadence, _) in Cadence::ALL {
            let found = fiscal_from(start).cycles(cadence, day("2023-05-17"), day("2029-02-28"));
            assert!(found[0].contains(day("2023-05-17")) && found[found.len() - 1].contains(day("2029-02-28")));
            for pair in found.windows(2) {
                assert_eq!(pair[0].to.days_until(pair[1].from), 1, "{cadence} from {start}");
                assert!(pair[0].contains(pair[0].from) && pair[0].contains(pair[0].to));
                assert!(!pair[0].contains(pair[1].from));
            }
        }
    }
}

#[test]
fn names_are_read_as_people_write_them() {
    for (name, start, expected) in [
        ("2026-Q1", 1, "2026-Q1 2026-01-01..2026-03-31"),
        ("2026Q1", 1, "2026-Q1 2026-01-01..2026-03-31"),
        ("Q1 2026", 1, "2026-Q1 2026-01-01..2026-03-31"),
        ("q4/2026", 1, "2026-Q4 2026-10-01..2026-12-31"),
        (" 2026-h2 ", 1, "2026-H2 2026-07-01..2026-12-31"),
        ("2026-03", 1, "2026-03 2026-03-01..2026-03-31"),
        ("2026-W09", 1, "2026-W09 2026-02-23..2026-03-01"),
        ("2026-W53", 1, "2026-W53 2026-12-28..2027-01-03"),
        ("2026-03-04", 1, "2026-03-04 2026-03-04..2026-03-04"),
        ("2026", 1, "2026 2026-01-01..2026-12-31"),
        ("FY2026-Q1", 4, "FY2026-Q1 2025-04-01..2025-06-30"),
        ("FY26 Q1", 4, "FY2026-Q1 2025-04-01..2025-06-30"),
        ("fy26q4", 4, "FY2026-Q4 2026-01-01..2026-03-31"),
        ("Q4 FY26", 4, "FY2026-Q4 2026-01-01..2026-03-31"),
        ("FY26", 10, "FY2026 2025-10-01..2026-09-30"),
        ("FY2026 H1", 7, "FY2026-H1 2025-07-01..2025-12-31"),
        // The fiscal year is the calendar year.
        ("FY2026-Q1", 1, "2026-Q1 2026-01-01..2026-03-31"),
        // Without FY it is the calendar's, whatever the fiscal year.
        ("2026-Q1", 4, "2026-Q1 2026-01-01..2026-03-31"),
        ("2026", 4, "2026 2026-01-01..2026-12-31"),
    ] {
        assert_eq!(written(&Cycle::parse(name, start).unwrap()), expected, "{name}");
    }
    let calendar = Cycle::parse("2026-Q1", 4).unwrap();
    let fiscal = Cycle::parse("FY2026-Q4", 4).unwrap();
    assert!(calendar != fiscal && calendar.is_same(&fiscal));
}

#[test]
fn what_names_no_cycle_is_refused() {
    for name in [
        "",
        "-",
        "Q1",
        "2026-",
        "-2026",
        "2026--Q1",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2026-13",
        "2026-00",
        "2026-3",
        "2025-W53",
        "2026-W00",
        "2026-W54",
        "26-Q1",
        "Q1 26",
        "FY226",
        "FY2025/26",
        "2026-02-30",
        "20260304",
        "first quarter",
        "2026-Q1-2",
        "２０２６",
        "2026-Q\u{661}",
        "FY2026-W09",
        "FY2026-03",
        "2026-Q1 and all that followed from it",
    ] {
        let fault = Cycle::parse(name, 4).unwrap_err();
        assert!(fault.contains("names no cycle"), "{name}: {fault}");
    }
}

#[test]
fn the_edges_of_the_calendar_do_not_break_it() {
    for start in [0, 1, 4, 12, 255] {
        for (cadence, _) in Cadence::ALL {
            for edge in [Day(Date::MIN), Day(Date::MAX)] {
                let found = fiscal_from(start).cycles(cadence, edge, edge);
                assert_eq!(found.len(), 1);
                assert!(found[0].contains(edge), "{cadence} {:?}", found[0]);
            }
        }
    }
    assert!(Cycle::parse("FY0000-Q1", 4).is_ok() && Cycle::parse("9999-Q4", 1).is_ok());
    assert_eq!(Cycle::parse("9999-W52", 1).unwrap().to, Day(Date::MAX));
}

#[test]
fn a_year_of_53_weeks_has_them_all() {
    let calendar = fiscal_from(1);
    let weeks = calendar.cycles(Cadence::Weekly, day("2026-01-01"), day("2026-12-31"));
    assert_eq!(weeks.len(), 53);
    assert_eq!((weeks[0].name.as_str(), weeks[52].name.as_str()), ("2026-W01", "2026-W53"));
    // 2027 begins in the last week of 2026, and has only 52.
    assert_eq!(calendar.cycle(Cadence::Weekly, day("2027-01-03")).name, "2026-W53");
    assert!(Cycle::parse("2026-W53", 1).is_ok() && Cycle::parse("2027-W53", 1).is_err());
}

#[test]
fn fiscal_quarters_follow_the_month_in_which_the_year_begins() {
    let names = |start: u8| -> Vec<String> {
        let found = fiscal_from(start).cycles(Cadence::Quarterly, day("2026-01-01"), day("2026-12-31"));
        found.into_iter().map(|cycle| cycle.name).collect()
    };
    assert_eq!(names(1), ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]);
    assert_eq!(names(4), ["FY2026-Q4", "FY2027-Q1", "FY2027-Q2", "FY2027-Q3"]);
    assert_eq!(names(7), ["FY2026-Q3", "FY2026-Q4", "FY2027-Q1", "FY2027-Q2"]);
    // Quarters that begin in February lie across those of the calendar, so that five of them touch the year.
    assert_eq!(names(2), ["FY2026-Q4", "FY2027-Q1", "FY2027-Q2", "FY2027-Q3", "FY2027-Q4"]);
}

#[test]
fn a_cycle_is_a_period() {
    let cycle = Cycle::parse("2028-02", 1).unwrap();
    assert_eq!(cycle.period(), Period::parse("2028-02-01..2028-02-29").unwrap());
    assert!(cycle.period().contains(day("2028-02-29")) && !cycle.period().contains(day("2028-03-01")));
}

/// Scans on 31 January and on 1 March are a month apart, and leave February without one.
#[test]
fn a_cycle_that_is_left_out_is_seen() {
    let done = [day("2026-01-31"), day("2026-03-01")];
    let months = fiscal_from(1).cycles(Cadence::Monthly, day("2026-01-01"), day("2026-03-31"));
    let missed: Vec<&str> =
        months.iter().filter(|month| !done.iter().any(|day| month.contains(*day))).map(|month| &*month.name).collect();
    assert_eq!(missed, ["2026-02"]);
}

/// The configuration of a folder that also holds `holidays.txt` and `holidays.yaml`.
fn configured(text: &str) -> Configured {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tickmark.yaml"), text).unwrap();
    fs::write(folder.path().join("holidays.txt"), "# Acme\n2026-03-09 Founders' Day\n").unwrap();
    fs::write(folder.path().join("holidays.yaml"), "- 2026-03-09\n").unwrap();
    config::read(folder.path(), None).unwrap()
}

#[test]
fn a_configuration_says_which_days_are_business_days() {
    for (text, after_friday) in [
        ("", "2026-03-09"),
        ("organization: Acme Ltd", "2026-03-09"),
        ("holidays: []", "2026-03-09"),
        ("holidays: [2026-03-09]", "2026-03-10"),
        ("holidays: [2026-03-10, 2026-03-09, 2026-03-08]", "2026-03-11"),
        ("holidays: holidays.txt", "2026-03-10"),
        ("holidays: ./holidays.yaml", "2026-03-10"),
        ("weekend: []", "2026-03-07"),
        ("weekend: [sun]", "2026-03-07"),
        ("weekend: [friday, saturday]", "2026-03-08"),
        ("weekend: [sat, sunday, mon]\nholidays: holidays.yaml", "2026-03-10"),
    ] {
        let configured = configured(text);
        assert!(configured.faults.is_empty(), "{text}: {:?}", configured.faults);
        assert_eq!(configured.business.after(day("2026-03-06"), 1), day(after_friday), "{text}");
    }
}

#[test]
fn a_configuration_says_when_the_fiscal_year_begins() {
    for (text, month) in [
        ("", 1),
        ("organization: Acme Ltd", 1),
        ("fiscal_year_starts: 4", 4),
        ("fiscal_year_starts: april", 4),
        ("fiscal_year_starts: oct", 10),
        ("fiscal_year_starts: may", 5),
        ("fiscal_year_starts: 12", 12),
    ] {
        let configured = configured(text);
        assert!(configured.faults.is_empty(), "{text}: {:?}", configured.faults);
        assert_eq!(configured.config.fiscal_year_starts, month, "{text}");
    }
}

#[test]
fn what_cannot_be_meant_is_told_at_its_place() {
    for (text, rule, place) in [
        ("weekend: [sat, sonday]", "documents/unknown-value", "sonday"),
        ("weekend: saturday", "documents/wrong-type", "saturday"),
        ("weekend: [mon, tue, wed, thu, fri, sat, sun]", "documents/bad-value", "[mon, tue, wed, thu, fri, sat, sun]"),
        ("holidays: [2026-12-25, 2026-02-30]", "documents/bad-date", "2026-02-30"),
        ("holidays: [25.12.2026]", "documents/bad-date", "25.12.2026"),
        ("holidays: 2026-12-25", "documents/wrong-type", "2026-12-25"),
        ("holidays: 2026", "documents/wrong-type", "2026"),
        ("holidays: none.txt", "documents/unreadable-file", "none.txt"),
        ("holidays: ../tickmark.yaml", "documents/unreadable-file", "../tickmark.yaml"),
        ("holidays: /etc/hostname", "documents/unreadable-file", "/etc/hostname"),
        ("holidays: .", "documents/unreadable-file", "."),
        ("fiscal_year_starts: 0", "documents/bad-value", "0"),
        ("fiscal_year_starts: 13", "documents/bad-value", "13"),
        ("fiscal_year_starts: aprl", "documents/unknown-value", "aprl"),
        ("fiscal_year_starts: April", "documents/unknown-value", "April"),
        ("fiscal_year_starts: [4]", "documents/wrong-type", "fiscal_year_starts"),
    ] {
        let faults = configured(text).faults;
        let found: Vec<(&str, &str)> =
            faults.iter().map(|fault| (fault.rule, fault.source.slice(fault.span))).collect();
        assert_eq!(found, [(rule, place)], "{text}: {faults:?}");
    }
    let faults = configured("holidays: tickmark.yaml").faults;
    assert_eq!((faults[0].rule, faults[0].source.name()), ("documents/wrong-type", "tickmark.yaml"));
}
