//! `KERNELS_ISA`, which a process reads once: each case runs this test again, in a process of its own.
#![cfg(not(miri))]

use half::{bf16, f16};
use kernels_pool::*;
use std::process::Command;

/// What the fallible functions answer under whatever `KERNELS_ISA` is set.
fn answers() -> Vec<String> {
    let (x, mask, lens) = ([1.0_f32, 2.0], [1_u8; 2], [2]);
    let ranges = Ranges::new(&[0.0], &[1.0]).unwrap();
    let tokens = Tokens::ragged(&x, &lens, 1).unwrap();
    let (mut floats, mut signed, mut bytes) = ([0.0; 2], [0_i8; 1], [0_u8; 1]);
    let projection = Projection::new(&[1.0], None, 1, 1).unwrap();
    let mut pooler = Pooler::new(Pooling::Mean);
    let mut hits = [Hit::default(); 1];
    macro_rules! answers {
        ($($result:expr,)*) => { vec![$($result.map_or_else(|error| error.to_string(), |_| "ok".to_owned())),*] };
    }
    answers![
        mean_pool(&x, &mask, 1, 2, 1),
        max_pool(&x, &mask, 1, 2, 1),
        cls_pool_into(&x, &mask, 1, 2, 1, &mut floats[..1]),
        pooler.pool(tokens),
        pooler.pool_int8_into(tokens, &ranges, &mut signed),
        pooler.pool_uint8_into(tokens, &ranges, &mut bytes),
        pooler.pool_binary_into(tokens, &mut signed),
        pooler.pool_ubinary_into(tokens, &mut bytes),
        l2_norm(&x, 1),
        l2_normalize(&x, 1),
        l2_normalize_in_place(&mut floats, 1),
        truncate(&x, 2, 1),
        quantize_int8(&x, 1, &ranges),
        quantize_ubinary(&x, 1),
        dequantize_uint8(&[1], 1, &ranges),
        dequantize_binary(&[1], 1),
        quantize_f16(&x),
        dequantize_bf16(&[bf16::ONE]),
        dequantize_f16_into(&[f16::ONE; 2], &mut floats),
        dot(&x, &x),
        cosine(&x, &x),
        l2_squared_into(&x, &x, &mut floats[..1]),
        dot_int8(&[1], &[1]),
        hamming(&[1], &[1]),
        dot_binary(&x, &[1]),
        search_dot(&x, &x, 1),
        search_dot_into(&x, &x, &mut hits),
        search_dot_into_on(Isa::Scalar, &x, &x, &mut hits),
        rescore_dot_into_on(Isa::Scalar, &x, &x, &[0], &mut hits),
        rescore_cosine(&x, &x, &[0], 1),
        two_step_int8(&[1], &[1], &[1], &[1], 1, 1),
        two_step_dot_into(&[1], &[1], &x[..1], &x[..1], &mut [Hit::default(); 1], &mut hits),
        projection.project(&x),
        Projection::pca(&x, 1, 1),
        // Sets that the program itself asks for; a mistake in the variable shows all the same.
        Pooler::new(Pooling::Mean).on(Isa::Scalar).pool(tokens),
        l2_normalize_into_on(Isa::Scalar, &x, 1, &mut floats),
        projection.clone().on(Isa::Scalar).project(&x),
    ]
}

/// Run by the test below, with the variable set.
#[test]
fn print_answers() {
    answers().iter().for_each(|answer| println!("answer: {answer}"));
}

fn with_isa(name: &str) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap());
    let arguments = ["--exact", "forced_isa::print_answers", "--nocapture"];
    let output = child.args(arguments).env("KERNELS_ISA", name).output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split_once("answer: ")).map(|(_, answer)| answer.to_owned()).collect()
}

#[test]
fn a_name_forces_that_set_and_any_other_is_an_error() {
    if std::env::var_os("KERNELS_TEST_SMALL").is_some() {
        return; // emulated: this process could start itself only on the real machine
    }
    let ok = vec!["ok".to_owned(); answers().len()];
    assert_eq!(with_isa(""), ok);
    for &isa in Isa::ALL {
        let answers = with_isa(isa.name());
        if isa.is_available() {
            assert_eq!(answers, ok);
        } else {
            let named = |answer: &String| answer.contains(&format!("`{isa}` (from KERNELS_ISA)"));
            assert!(answers.len() == ok.len() && answers.iter().all(named), "{answers:?}");
        }
    }
    let available: Vec<&str> = Isa::available().map(Isa::name).collect();
    for unknown in ["sse9", "AVX2", " "] {
        let message = format!(
            "instruction set `{unknown}` (from KERNELS_ISA) is not available here; available: {}",
            available.join(", ")
        );
        assert_eq!(with_isa(unknown), vec![message; ok.len()]);
    }
}
