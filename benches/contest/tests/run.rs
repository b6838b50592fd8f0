//! Runs with a worker that does all that a worker should not.

use bench_contest::record::{Case, Entry, Record};
use bench_contest::run::Contest;
use bench_contest::worker::Worker;
use std::process::Command;

fn worker(mode: &str) -> anyhow::Result<Worker> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_test-worker"));
    command.arg(mode);
    Worker::start(command)
}

fn run(modes: &[&str], peers: Option<&[String]>) -> anyhow::Result<Record> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("record.json");
    let kernels = ["pool".to_owned()];
    let mut workers: Vec<_> = modes.iter().map(|mode| worker(mode).unwrap()).collect();
    let mut record = Record::new("cargo xtask bench pool", true);
    Contest { kernels: &kernels, peers, file: &file }.run(&mut record, &mut workers)?;
    assert_eq!(Record::read(&file)?, record);
    Ok(record)
}

fn entry<'a>(case: &'a Case, name: &str) -> &'a Entry {
    case.entries.iter().find(|entry| entry.contestant == name).unwrap_or_else(|| panic!("{name}: {case:?}"))
}

#[test]
fn only_who_is_right_has_a_time() {
    let record = run(&["right"], None).unwrap();
    // Others than Hamming nobody has.
    assert!(record.cases.iter().all(|case| case.operation == "hamming"));
    let case = &record.cases[0];
    for name in ["kernels", "right too"] {
        let entry = entry(case, name);
        let times = entry.times.as_ref().unwrap();
        assert_eq!(entry.error, Some(0.0));
        assert!(
            times.samples >= 5 && times.wall.low <= times.wall.median && times.wall.median <= times.wall.high
        );
        assert!(times.p95 >= times.wall.median && times.cpu.unwrap() > 0.0);
    }
    assert_eq!(entry(case, "kernels").times.as_ref().unwrap().ratio.median, 1.0);
    assert_eq!(case.reference(&record).unwrap().contestant, "kernels");

    let wrong = entry(case, "wrong");
    assert!(
        wrong.times.is_none() && wrong.error.is_some_and(|error| 0.0 < error && error < 1e-3),
        "{wrong:?}"
    );
    for (name, why) in [("no number", None), ("short", None), ("fails", Some("does not like hamming"))] {
        let entry = entry(case, name);
        assert!(entry.times.is_none() && entry.error.is_none(), "{entry:?}");
        assert_eq!(
            entry.note.as_deref().map(|note| note.contains(why.unwrap_or_default())),
            why.map(|_| true)
        );
    }
    // Right at first.
    let tires = entry(case, "tires");
    assert!(tires.times.is_none() && tires.note.as_ref().unwrap().contains("after many calls"), "{tires:?}");
    assert!(entry(case, "panics").note.as_ref().unwrap().contains("panicked"));
    assert!(case.entries.iter().all(|entry| entry.contestant != "does nothing"));
}

#[test]
fn a_limit_is_measured_beside_and_one_that_is_not_there_is_left_out() {
    let record = run(&["right"], Some(&[])).unwrap();
    assert_eq!(record.contestants.len(), 1);
    for case in &record.cases {
        let names: Vec<_> =
            case.limits.iter().map(|limit| (limit.name.as_str(), limit.of.as_str())).collect();
        assert_eq!(names, [("fma", "flops")]);
        assert!(case.limits[0].rate > 0.0 && case.limits[0].rate.is_finite());
    }
}

#[test]
fn who_ends_does_not_end_the_run() {
    let record = run(&["right", "ends"], None).unwrap();
    assert!(record.cases.len() > 1);
    for case in &record.cases {
        assert!(entry(case, "kernels").times.is_some() && entry(case, "right too").times.is_some());
    }
    // From then on it is not there, and not wrong; who is beside it goes on.
    for case in &record.cases {
        assert!(case.entries.iter().all(|entry| entry.contestant != "ends"));
        assert!(entry(case, "beside it").times.is_some());
    }
    let absent: Vec<_> = record.absent.iter().filter(|absent| absent.name == "ends").collect();
    assert!(absent.len() == 1 && absent[0].reason.contains("hamming"), "{absent:?}");
    assert!(record.finished);
}

#[test]
fn ours_end_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("record.json");
    let mut workers = [worker("ours end").unwrap()];
    let mut record = Record::new("cargo xtask bench pool", true);
    let contest = Contest { kernels: &["pool".to_owned()], peers: None, file: &file };
    let error = format!("{:#}", contest.run(&mut record, &mut workers).unwrap_err());
    assert!(error.contains("hamming") && error.contains("has ended"), "{error}");
    assert!(!Record::read(&file).unwrap().finished);
}

#[test]
fn only_those_asked_for_take_part() {
    let names = |record: &Record| record.contestants.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
    let peers = ["right too".to_owned(), "never".to_owned()];
    let record = run(&["right"], Some(&peers)).unwrap();
    assert_eq!(names(&record), ["kernels", "right too"]);
    assert_eq!((record.absent.len(), record.absent[0].reason.as_str()), (1, "not loaded"));
    let record = run(&["right"], Some(&["nosuch".to_owned()])).unwrap();
    assert!(record.absent.iter().any(|absent| absent.name == "nosuch"), "{:?}", record.absent);
}

#[test]
fn who_is_called_as_another_is_shown_with_its_language() {
    let record = run(&["right", "twin"], None).unwrap();
    let names: Vec<_> = record.contestants.iter().map(|contestant| contestant.name.as_str()).collect();
    assert!(names.contains(&"right too") && names.contains(&"right too, twin"), "{names:?}");
    assert!(entry(&record.cases[0], "right too, twin").times.is_some());
}

#[test]
fn who_says_no_hello_is_no_worker() {
    let error = format!("{:#}", worker("mumbles").unwrap_err());
    assert!(error.contains("good morning"), "{error}");
    let error = format!("{:#}", worker("leaves").unwrap_err());
    assert!(error.contains("has ended"), "{error}");
    let error = Worker::start(Command::new("no-such-program")).unwrap_err().to_string();
    assert!(error.contains("no-such-program"), "{error}");
}
