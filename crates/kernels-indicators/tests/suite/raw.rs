//! The form over pointers: overlaps and bad pointers are found before anything is read or written.

use kernels_indicators::{Error, smma, smma_in_place, smma_raw};
use kernels_testing::Random;
use std::ptr;

#[test]
fn agrees_with_the_safe_forms() {
    let data = Random::new(1).price_walk(50);
    for n in [1, 3, 50] {
        let (want, mut out) = (smma(&data, n).unwrap(), Vec::with_capacity(50));
        // SAFETY: a vector, and room for as much.
        unsafe {
            smma_raw(data.as_ptr(), out.as_mut_ptr(), 50, n).unwrap();
            out.set_len(50);
        }
        assert_eq!(out[n - 1..], want[n - 1..]);
        assert!(out[..n - 1].iter().all(|x: &f64| x.is_nan()));

        let (mut want, mut out) = (data.clone(), data.clone());
        smma_in_place(&mut want, n).unwrap();
        let memory = out.as_mut_ptr();
        // SAFETY: one vector, reached through one pointer.
        unsafe { smma_raw(memory, memory, 50, n).unwrap() };
        assert_eq!(out[n - 1..], want[n - 1..]);
    }
}

#[test]
fn a_part_of_the_input_is_no_place_for_the_output() {
    let mut memory = [1.0_f32; 20];
    let start = memory.as_mut_ptr();
    for at in 0..=12 {
        // The input at 6..12, the output at `at..at + 6`.
        let overlaps = at > 0 && at < 12 && at != 6;
        // SAFETY: all within `memory`, and reached through one pointer.
        let result = unsafe { smma_raw(start.add(6), start.add(at), 6, 1) };
        let expected = if overlaps { Err(Error::Overlap { what: "out", with: "data" }) } else { Ok(()) };
        assert_eq!(result, expected, "out at {at}");
        assert_eq!(memory, [1.0; 20]);
    }
}

#[test]
fn a_bad_pointer_is_an_error() {
    let (data, mut memory) = ([1.0_f64; 6], [7.0_f64; 6]);
    let (data, out) = (data.as_ptr(), memory.as_mut_ptr());
    let odd = data.cast::<u8>().wrapping_add(1).cast::<f64>();
    let odd_out = out.cast::<u8>().wrapping_add(4).cast::<f64>();
    let cases = [
        (ptr::null(), out, 6, 2, "data: expected a pointer to values, got null"),
        (data, ptr::null_mut(), 6, 2, "out: expected a pointer to values, got null"),
        (ptr::null(), ptr::null_mut(), 0, 2, "data: expected a pointer to values, got null"),
        (odd, out, 5, 2, "data: expected an address that is a multiple of 8"),
        (data, odd_out, 5, 2, "out: expected an address that is a multiple of 8"),
        (data, out, usize::MAX, 2, "data: expected a range that memory can hold"),
        (data, out, isize::MAX as usize / 8 + 1, 2, "data: expected a range that memory can hold"),
        (data, out, 6, 0, "period: expected at least 1, got 0"),
        (data, out, 6, 7, "period: expected at most the number of bars, 6, got 7"),
        (data, out, 0, 1, "data: expected at least one bar, got none"),
        (out.cast_const(), out, 6, 7, "period: expected at most the number of bars, 6, got 7"),
        (out.cast_const(), out, 0, 1, "data: expected at least one bar, got none"),
    ];
    for (data, out, len, period, message) in cases {
        // SAFETY: pointers that are not null or odd are to live arrays; nothing beyond them is dereferenced.
        let error = unsafe { smma_raw(data, out, len, period) }.unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}, expected {message}");
    }
    assert_eq!(memory, [7.0; 6]);
}
