//! Reports of a record that is made up: complete, well formed, honest, and alone.

mod made_up;

use anyhow::Result;
use bench_contest::compare::compare;
use bench_contest::record::{Case, Entry, Record, Spread, Times};
use bench_contest::{readme, report};
use kernels_benches::page;
use made_up::{OPERATIONS, empty, made_up};
use std::sync::LazyLock;

static RECORD: LazyLock<Record> = LazyLock::new(made_up);

/// Only the cases of which this is true.
fn only(keep: impl Fn(&Case) -> bool) -> Record {
    let mut record = RECORD.clone();
    record.cases.retain(|case| keep(case));
    record
}

fn entry<'a>(case: &'a mut Case, who: &str) -> &'a mut Entry {
    case.entries.iter_mut().find(|entry| entry.contestant == who).expect("one of the case")
}

/// All forms of all reports.
fn all(record: &Record) -> Result<[String; 3]> {
    let html = report::html(record, Some(&compare(record, record)))?;
    page::check(&html)?;
    for wrong in ["inf\"", "inf%", "inf "] {
        assert!(!html.contains(wrong), "{wrong}");
    }
    Ok([html, report::markdown(record, None), readme::table(record)])
}

#[test]
fn the_page_is_whole_and_alone() -> Result<()> {
    let [page, markdown, _] = all(&RECORD)?;
    for (kernel, operation, ..) in OPERATIONS {
        assert!(
            page.contains(&format!("<h2>{kernel}</h2>")) && page.contains(&format!("<h3>{operation}</h3>"))
        );
        assert!(markdown.contains(&format!("### {operation}\n")), "{operation}");
    }
    assert_eq!(page.matches("<figure class=\"chart bars\"").count(), 12 * 5);
    assert_eq!(page.matches("<figure class=\"chart growth\"").count(), 12);
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    // For who wants to see it, and for the test of it in a browser.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/report.html"), page)?;
    Ok(())
}

#[test]
fn names_and_messages_are_text() -> Result<()> {
    let [page, markdown, table] = all(&RECORD)?;
    assert!(page.contains("numpy &lt;with OpenBLAS&gt; &amp; friends"));
    assert!(page.contains("nothing &lt;like&gt; it") && page.contains("9R14 &lt;virtual&gt;"));
    for text in [&page, &markdown, &table] {
        assert!(
            !text.contains("<with") && !text.contains("<virtual") && !text.contains("& friends"),
            "{text}"
        );
    }
    Ok(())
}

#[test]
fn who_is_wrong_has_no_time() -> Result<()> {
    let mut record = only(|case| case.operation == "smma" && case.items.count == 1000.0);
    let case = &mut record.cases[0];
    let wall = Spread { low: 4321.0, median: 4321.0, high: 4321.0 };
    let times = entry(case, "ta-lib").times.as_mut().expect("it is right");
    (times.wall, times.p95, times.cpu, times.ratio) = (wall, 4321.0, Some(4321.0), Spread { ..wall });
    let right = all(&record)?;
    assert!(right.iter().take(2).all(|report| report.contains("4.32 µs")));
    // By its error, even where there is a time; and where there is none.
    for error in [Some(0.5), Some(f64::NAN), None] {
        entry(&mut record.cases[0], "ta-lib").error = error;
        let reports = all(&record)?;
        for report in &reports {
            assert!(!report.contains("4.32 ") && !report.contains("4320"), "{report}");
        }
        let expected = if error == Some(0.5) { "off by 5e-1, 1e-5 is allowed" } else { "no finite result" };
        assert!(reports[0].contains(expected), "{error:?}");
        assert!(reports[1].contains("| ta-lib | Rust | wrong |"), "{}", reports[1]);
    }
    Ok(())
}

#[test]
fn nothing_right_and_nothing_at_all_are_said() -> Result<()> {
    let [page, markdown, table] = all(&empty())?;
    assert!(page.contains("Nothing was computed") && !page.contains("<figure"), "{page}");
    assert!(markdown.contains("## Who") && table.contains("2026-11-22"));
    let mut record = only(|case| case.operation == "gemm" && case.items.count == 100.0);
    for entry in &mut record.cases[0].entries {
        entry.times = None;
        entry.error = None;
    }
    let [page, _, table] = all(&record)?;
    assert!(page.contains("No result is right") && !page.contains("<figure"), "{page}");
    assert!(table.contains("| nn | gemm | 100 outputs | wrong | – | – | none is right |"), "{table}");
    record.cases[0].entries.clear();
    all(&record)?;
    Ok(())
}

/// Everyone's times in a case: microseconds at the quartiles, and the same of the first of ours as a ratio.
fn set(case: &mut Case, who: &str, [low, median, high]: [f64; 3]) {
    let entry = entry(case, who);
    entry.error = Some(2e-7);
    let wall = Spread { low: 1e3 * low, median: 1e3 * median, high: 1e3 * high };
    let ratio = Spread { low: low / 100.0, median: median / 100.0, high: high / 100.0 };
    entry.times = Some(Times { samples: 9, wall, p95: 1e3 * high, cpu: None, ratio });
}

#[test]
fn figures_are_those_of_the_record() -> Result<()> {
    let mut record = only(|case| case.operation == "gemm" && case.items.count <= 1e4);
    let case = &mut record.cases[2];
    case.entries.retain(|entry| !entry.contestant.starts_with('@'));
    for (who, times) in [
        ("kernels", [80.0, 100.0, 125.0]),
        ("kernels, allocating", [100.0, 100.0, 100.0]),
        ("kernels, scalar", [1000.0, 1000.0, 1000.0]),
        ("gemm", [50.0, 50.0, 50.0]),
        ("matrixmultiply", [200.0, 400.0, 500.0]),
        ("plain loop", [2000.0, 2000.0, 2000.0]),
        ("numpy <with OpenBLAS> & friends", [300.0, 300.0, 300.0]),
        ("kernels, wasm relaxed-simd", [260.0, 260.0, 260.0]),
        ("kernels, wasm scalar", [1024.0, 1024.0, 1024.0]),
    ] {
        set(case, who, times);
    }
    let [page, markdown, table] = all(&record)?;
    // 7.68 Mflop take 65.1 µs at 118 Gflop/s, 130 at 59, and 512 at 15.
    for expected in [
        "| kernels | Rust | 100 µs | 80.0 µs to 125 µs | 125 µs | – | 100 M | 1.00 | 0.800 to 1.25 | 65 % | 2e-7 | 9 |",
        "| matrixmultiply | Rust | 400 µs | 200 µs to 500 µs | 500 µs | – | 25.0 M | 4.00 | 2.00 to 5.00 | 16 % |",
        "| kernels, wasm relaxed-simd | JavaScript | 260 µs | 260 µs to 260 µs | 260 µs | – | 38.5 M | 2.60 | 2.60 to 2.60 | 50 % |",
        "| 1.02 ms | – | 9.77 M | 10.2 | 10.2 to 10.2 | 50 % |",
    ] {
        assert!(markdown.contains(expected), "{expected}: {markdown}");
    }
    // The largest case, with the fastest of each language, one of which beats ours.
    let expected = "| nn | gemm | 10000 outputs | 100 µs | 100 M outputs | 65 % | 0.500 (gemm) | 3.00 (numpy &lt;with \
                    OpenBLAS&gt; &amp; friends) | – |";
    assert!(table.contains(expected), "{table}");
    // From 2 to 200 million a second: ours, of 80 to 125 million, ends at 85 of 100 parts.
    let (_, chart) = page.split_once("gemm, 10000 outputs: ").expect("a chart of the largest case");
    let ours = chart.split("<li ").find(|bar| bar.contains(">kernels <")).expect("our bar");
    for expected in ["width:84.95%", "left:80.10%;width:9.69%", "class=\"limit\" style=\"left:94.2"] {
        assert!(ours.contains(expected), "{expected}: {ours}");
    }
    // The lines are of our first form and of the others, up to the largest size.
    let lines =
        page.split("aria-label=\"").find(|label| label.starts_with("gemm, time of a call")).expect("lines");
    assert!(lines.contains(", 100 µs at 10k. gemm: ") && lines.contains(", 50.0 µs at 10k."), "{lines}");
    assert!(lines.contains(" kernels: ") && !lines.contains("kernels, "), "{lines}");
    let place = |who: &str| chart.find(&format!(">{who} <")).expect("a bar");
    assert!(place("gemm") < place("kernels") && place("kernels") < place("matrixmultiply"));
    Ok(())
}

#[test]
fn odd_numbers_break_nothing() -> Result<()> {
    for odd in [0.0, -1.0, 5e-324, 1e-30, 1e300, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        let changes: [fn(&mut Case, f64); 8] = [
            |case, odd| case.items.count = odd,
            |case, odd| case.flops = Some(odd),
            |case, odd| case.bytes = odd,
            |case, odd| case.bound = odd,
            |case, odd| case.limits.iter_mut().for_each(|limit| limit.rate = odd),
            |case, odd| case.growth.iter_mut().for_each(|growth| growth.size = odd),
            |case, odd| takes(case, odd),
            |case, odd| {
                for times in case.entries.iter_mut().filter_map(|entry| entry.times.as_mut()) {
                    (times.wall.high, times.p95, times.cpu, times.ratio.high) = (odd, odd, Some(odd), odd);
                }
            },
        ];
        for (i, change) in changes.into_iter().enumerate() {
            for every in [1, 2] {
                let mut record = only(|case| case.operation == "gemm");
                record.cases.iter_mut().step_by(every).for_each(|case| change(case, odd));
                let [page, ..] = all(&record)?;
                assert!(!compare(&RECORD, &record).text().contains("NaN"));
                assert!(page.contains("<h3>gemm</h3>"), "{odd}, {i}");
            }
        }
    }
    Ok(())
}

#[test]
fn one_case_has_no_growth() -> Result<()> {
    let record = only(|case| case.operation == "hamming" && case.items.count == 1e5);
    let [page, ..] = all(&record)?;
    assert_eq!(page.matches("<figure class=\"chart").count(), 2, "throughput, and the forms of ours");
    assert!(!page.contains("Charts of the other cases"));
    Ok(())
}

#[test]
fn without_limits_there_is_no_share_and_no_advice() -> Result<()> {
    let binds = "What binds ours";
    let mut slow = only(|case| case.operation == "gemm");
    slow.cases.iter_mut().for_each(|case| takes(case, case.items.count * 40.0));
    assert!(all(&slow)?[0].contains(binds));
    for keep in ["fma", "read", "none", "wasm relaxed-simd"] {
        let mut record = slow.clone();
        for case in &mut record.cases {
            case.limits.retain(|limit| limit.name == keep);
        }
        let [page, markdown, _] = all(&record)?;
        assert!(!page.contains(binds), "{keep}");
        assert!(!page.contains(r#"class="limit" style="left"#), "{keep}");
        assert!(!markdown.contains(" %"), "{keep}: {markdown}");
    }
    Ok(())
}

/// What is said of a product's two largest cases, changed like this.
fn advice(change: impl Fn(&mut Case)) -> String {
    let mut record = only(|case| case.operation == "gemm" && case.items.count >= 1e4);
    record.cases.iter_mut().for_each(change);
    let markdown = report::markdown(&record, None);
    markdown.lines().filter(|line| line.contains(" of its limit. ")).collect::<Vec<_>>().join("\n")
}

/// Ours takes so many nanoseconds.
fn takes(case: &mut Case, ns: f64) {
    let times = entry(case, "kernels").times.as_mut().expect("it is right");
    times.wall = Spread { low: ns, median: ns, high: ns };
}

#[test]
fn what_binds_is_told_by_what_was_measured() {
    // 100,000 outputs take 651 µs at the limit, and 10,000 take 65 µs.
    assert_eq!(advice(|case| case.items.count += 0.0), "");
    let text = advice(|case| takes(case, case.items.count * 40.0));
    let expected = "100000 outputs: 16 % of its limit. Compute binds: 76.8 Mflop at 118 Gflop/s take 651 µs, 1.20 MB at \
                    31.0 GB/s take 38.7 µs; a call takes 4.00 ms.";
    assert!(text.ends_with(expected), "{text}");
    let text = advice(|case| {
        case.flops = None;
        takes(case, case.items.count * 40.0);
    });
    assert!(
        text.contains(
            "Compute binds: 1.20 MB at 31.0 GB/s take 38.7 µs, what is whatever its input 0 ns; a call"
        ),
        "{text}"
    );
    let text = advice(|case| {
        (case.flops, case.growth) = (None, None);
        takes(case, case.items.count * 40.0);
    });
    assert!(text.contains("Not bandwidth: 1.20 MB at 31.0 GB/s take 38.7 µs; a call"), "{text}");
    let text = advice(|case| {
        case.bytes *= 100.0;
        takes(case, case.items.count * 400.0);
    });
    assert!(text.contains("9.7 % of its limit. Bandwidth binds: 76.8 Mflop"), "{text}");
    // A line through both meets no work at 2 ms; at no time at all where the time grows as the input does.
    let text = advice(|case| takes(case, 2e6 + case.items.count * 5.0));
    assert_eq!(text.matches("Call overhead binds: by 10000 outputs and 100000 outputs").count(), 2, "{text}");
    assert!(text.contains("take 2.05 ms and 2.50 ms, 2.00 ms of a call are whatever its input"), "{text}");
    let short = |case: &mut Case| {
        case.flops = case.flops.map(|flops| flops / 1e5);
        case.bytes /= 1e5;
    };
    let text = advice(|case| {
        short(case);
        takes(case, case.items.count / 100.0);
    });
    assert!(!text.contains("overhead") && text.contains("Compute binds"), "{text}");
}

#[test]
fn who_fails_is_not_wrong() {
    let mut record = only(|case| case.operation == "gemm");
    for case in &mut record.cases {
        let entry = entry(case, "gemm");
        (entry.error, entry.times, entry.note) = (None, None, Some("failed: out of memory".into()));
    }
    let [html, markdown, _] = all(&record).unwrap();
    let row = markdown.lines().find(|line| line.contains("failed: out of memory")).unwrap();
    assert!(row.contains("| failed |") && !row.contains("wrong"), "{row}");
    assert!(html.contains("failed: out of memory") && !html.contains("no finite result (failed"), "{html}");
}

#[test]
fn an_interrupted_run_says_so() {
    let record = Record { finished: false, ..only(|case| case.operation == "gemm") };
    let [html, markdown, _] = all(&record).unwrap();
    for text in [html, markdown] {
        assert!(text.contains("did not come to its end; 4 cases"), "{text}");
    }
}

#[test]
fn two_runs_are_compared_by_their_spreads() {
    let (a, mut b) = (only(|case| case.operation == "gemm"), only(|case| case.operation == "gemm"));
    let same = compare(&a, &b);
    assert!(
        same.notes.is_empty() && same.changes.iter().all(|change| !change.beyond() && change.times() == 1.0)
    );
    assert_eq!(same.drift, Some(1.0));

    // Quartiles that meet are no change, and those that do not are one.
    let (before, mut after) = (&mut a.clone(), a.clone());
    set(&mut before.cases[0], "gemm", [90.0, 100.0, 110.0]);
    for (times, beyond) in
        [([105.0, 115.0, 120.0], false), ([111.0, 115.0, 120.0], true), ([80.0, 85.0, 89.0], true)]
    {
        set(&mut after.cases[0], "gemm", times);
        let comparison = compare(before, &after);
        let first = comparison.changes.first().expect("changes");
        assert_eq!((first.contestant.as_str(), first.beyond()), ("gemm", beyond));
    }

    (b.cpu, b.quick) = ("another".into(), true);
    b.versions.insert("rustc".into(), "1.96.0".into());
    for case in &mut b.cases {
        for entry in &mut case.entries {
            // The machine is slower by a half, and ours has become twice as fast beside the others.
            let factor = if entry.contestant.starts_with("kernels") { 0.75 } else { 1.5 };
            if let Some(times) = &mut entry.times {
                let Spread { low, median, high } = times.wall;
                times.wall = Spread { low: factor * low, median: factor * median, high: factor * high };
            }
        }
    }
    let changed = entry(&mut b.cases[0], "gemm");
    changed.times = None;
    changed.error = Some(1.0);
    b.cases.pop();
    let comparison = compare(&a, &b);
    assert_eq!(comparison.drift, Some(1.5));
    for change in &comparison.changes {
        let ours = change.contestant.starts_with("kernels");
        let times = if ours { 0.5 } else { 1.0 };
        assert!((change.times() - times).abs() < 1e-12 && change.beyond() == ours, "{change:?}");
    }
    assert!(comparison.changes.is_sorted_by_key(|change| -change.times().ln().abs()));
    assert_eq!(comparison.only, [vec!["nn, gemm, 100000 outputs".to_owned()], vec![]]);
    let text = comparison.text();
    for expected in [
        "machine: AMD EPYC 9R14 <virtual> before, another now",
        "run: full before, quick now",
        "rustc: 1.95.0 before, 1.96.0 now",
        "nn, gemm, 100 outputs: gemm was right and is wrong, or failed",
        "only before: nn, gemm, 100000 outputs\n",
        "-50 %",
        "other libraries of the same version take 1.50 times as long",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(report::markdown(&b, Some(&comparison)).contains("9R14 &lt;virtual&gt; before"));
    assert!(report::html(&b, Some(&comparison)).is_ok_and(|page| page.contains("What has changed")));
}

#[test]
fn the_readme_gets_its_table_between_the_marks() -> Result<()> {
    let table = readme::table(&RECORD);
    assert_eq!(table.lines().filter(|line| line.starts_with("| ")).count(), 1 + OPERATIONS.len());
    assert!(table.contains("AMD EPYC 9R14 &lt;virtual&gt;, 2026-11-22, `cargo xtask bench --against all`"));
    assert!(table.contains("against Rust | against Python | against JavaScript"), "{table}");
    let (begin, end) = ("<!-- bench:begin -->", "<!-- bench:end -->");
    let text = format!("before {begin}\nold\n{end} after");
    let replaced = readme::replace(&text, "new\n")?;
    assert_eq!(replaced, format!("before {begin}\nnew\n{end} after"));
    assert_eq!(readme::replace(&replaced, "new\n")?, replaced);
    for (text, expected) in [
        ("nothing".to_owned(), "expected <!-- bench:begin --> once in the text, found it 0 times"),
        (begin.to_owned(), "expected <!-- bench:end --> once"),
        (format!("{end}{begin}"), "before <!-- bench:end -->, found it after"),
        (format!("{begin}{begin}{end}"), "found it 2 times"),
    ] {
        let error = readme::replace(&text, "new").expect_err("no place for it").to_string();
        assert!(error.contains(expected), "{error}");
    }
    Ok(())
}
