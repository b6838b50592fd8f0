//! `KERNELS_ISA`, which a process reads once: each case runs this test again, in a process of its own.
#![cfg(not(miri))]

use crate::cases::{Form, all};
use crate::data::Data;
use kernels_indicators::{Error, Isa};
use std::process::Command;

/// What every form answers under whatever `KERNELS_ISA` is set.
fn answers() -> Vec<String> {
    let data = Data::<f64>::walk(1, 9);
    let answer = |result: Result<(), Error>| result.map_or_else(|e| e.to_string(), |()| "ok".into());
    let mut answers = Vec::new();
    for case in all::<f64>(3) {
        let input = data.input(&*case, 9);
        answers.push(answer(case.run(&input).map(drop)));
        answers.push(answer(case.run_sweep(Form::Plain, &[2, 3], &input).map(drop)));
        answers.push(answer(case.run_many(Form::Plain, &input, 3).map(drop)));
        // A set that the program itself asks for; a mistake in the variable shows all the same.
        let mut out = vec![vec![7.0; 9]; case.outputs()];
        let mut slices: Vec<&mut [f64]> = out.iter_mut().map(Vec::as_mut_slice).collect();
        let result = case.run_into(Form::On(Isa::Scalar), &input, &mut slices);
        assert!(result.is_ok() || out.iter().flatten().all(|x| *x == 7.0));
        answers.push(answer(result));
        answers.extend(case.run_in_place(Form::Plain, &mut data.real[0].clone()).map(answer));
    }
    answers
}

/// Run by the test below, with the variable set.
#[test]
fn print_answers() {
    answers().iter().for_each(|answer| println!("answer: {answer}"));
}

fn with_isa(name: &str) -> Vec<String> {
    let this = std::env::current_exe().unwrap();
    let mut child = Command::new(this);
    child.args(["--exact", "forced_isa::print_answers", "--nocapture"]).env("KERNELS_ISA", name);
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
    let ok = vec!["ok".to_owned(); answers().len()];
    assert!(ok.len() > 80);
    assert_eq!(with_isa(""), ok);
    for isa in Isa::available() {
        assert_eq!(with_isa(isa.name()), ok);
    }
    for unknown in ["sse9", "AVX2"] {
        let answers = with_isa(unknown);
        let message =
            format!("instruction set `{unknown}` (from KERNELS_ISA) is not available here; available: ");
        assert!(answers.len() == ok.len() && answers.iter().all(|a| a.starts_with(&message)), "{answers:?}");
    }
}
