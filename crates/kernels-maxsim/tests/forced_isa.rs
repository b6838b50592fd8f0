//! `KERNELS_ISA`, which a process reads once: each case runs this test again, in a process of its own.
#![cfg(not(miri))]

use kernels_maxsim::{Isa, PackedQueries, PackedQuery};
use kernels_maxsim::{maxsim, maxsim_argmax, maxsim_batch, maxsim_mean, maxsim_mean_batch};
use std::process::Command;

/// What the fallible functions answer under whatever `KERNELS_ISA` is set.
fn answers() -> Vec<String> {
    vec![
        maxsim(&[1.0], &[1.0], 1).map_or_else(|e| e.to_string(), |_| "ok".into()),
        maxsim_mean(&[1.0], &[1.0], 1).map_or_else(|e| e.to_string(), |_| "ok".into()),
        maxsim_batch(&[1.0], &[1.0], &[1], 1).map_or_else(|e| e.to_string(), |_| "ok".into()),
        maxsim_mean_batch(&[1.0], &[1.0], &[1], 1).map_or_else(|e| e.to_string(), |_| "ok".into()),
        maxsim_argmax(&[1.0], &[1.0], 1).map_or_else(|e| e.to_string(), |_| "ok".into()),
        PackedQuery::new(&[1.0], 1).map_or_else(|e| e.to_string(), |q| q.isa().to_string()),
        PackedQueries::new(&[1.0], &[1], 1).map_or_else(|e| e.to_string(), |q| q.isa().to_string()),
        // A set that the program itself asks for; a mistake in the variable shows all the same.
        PackedQuery::on(Isa::Scalar, &[1.0], 1).map_or_else(|e| e.to_string(), |_| "ok".into()),
    ]
}

/// Run by the test below, with the variable set.
#[test]
fn print_answers() {
    answers().iter().for_each(|answer| println!("answer: {answer}"));
}

fn with_isa(name: &str) -> Vec<String> {
    let this = std::env::current_exe().unwrap();
    let mut child = Command::new(this);
    child.args(["--exact", "print_answers", "--nocapture"]).env("KERNELS_ISA", name);
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split_once("answer: ")).map(|(_, answer)| answer.to_owned()).collect()
}

#[test]
fn a_name_forces_that_set_and_any_other_is_an_error() {
    if std::env::var_os("KERNELS_TEST_SMALL").is_some() {
        return; // emulated: this process could start itself only on the real machine
    }
    let ok = |isa: Isa| [vec!["ok".into(); 5], vec![isa.to_string(); 2], vec!["ok".into()]].concat();
    assert_eq!(with_isa(""), ok(Isa::detect()));
    for &isa in Isa::ALL {
        let answers = with_isa(isa.name());
        if isa.is_available() {
            assert_eq!(answers, ok(isa));
        } else {
            assert!(
                answers.iter().all(|answer| answer.contains(&format!("`{isa}` (from KERNELS_ISA)"))),
                "{answers:?}"
            );
        }
    }
    let available: Vec<&str> = Isa::available().map(Isa::name).collect();
    for unknown in ["sse9", "AVX2", " "] {
        let message = format!(
            "instruction set `{unknown}` (from KERNELS_ISA) is not available here; available: {}",
            available.join(", ")
        );
        assert_eq!(with_isa(unknown), vec![message; 8]);
    }
}
