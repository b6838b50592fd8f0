//! Activations: values, special values, all forms, and what is refused. How exact they are everywhere, the tests of
//! `simd_core::math` and `cargo xtask exhaustive` check.

use kernels_nn::{Activation, Error, activation_raw};
use kernels_testing::reference::nn::activations::Bounded;
use kernels_testing::{Guarded, Random, each_isa, small};

/// The most lanes of any set.
const WIDEST: usize = 8;

fn bounded(activation: Activation) -> Bounded {
    let mut all = Bounded::PLAIN.into_iter().chain(Bounded::ALL);
    all.find(|function| function.name == activation.name()).unwrap()
}

/// The bits, but for NaN, whose own are nobody's promise.
fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|y| if y.is_nan() { !0 } else { y.to_bits() }).collect()
}

/// Values of all sizes and kinds, the easy ones of each function next to the hard ones.
fn values(len: usize) -> Vec<f32> {
    let special =
        [0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, -88.5, 12.5, -12.5, 1e-40, f32::MIN];
    let mut random = Random::new(1);
    let mut values: Vec<f32> = random.uniform(len).into_iter().map(|x| 6.0 * x).collect();
    for (i, x) in special.into_iter().cycle().enumerate().take(len / 5) {
        values[5 * i] = x;
    }
    values
}

#[test]
fn values_are_within_their_bounds() {
    let step = if cfg!(miri) {
        60_000_011
    } else if small() {
        500_009
    } else {
        5_003
    };
    let x: Vec<f32> = (0..=u32::MAX).step_by(step).map(f32::from_bits).collect();
    for activation in Activation::ALL {
        let function = bounded(activation);
        each_isa(activation.name(), |isa| {
            let mut y = vec![0.0; x.len()];
            activation.apply_into_on(isa, &x, &mut y).unwrap();
            for (&x, &y) in x.iter().zip(&y) {
                let error = function.error(x, y);
                assert!(
                    error <= function.bound(isa),
                    "{isa}: {activation} of {x:e}: {y:e}, {error:.2} units"
                );
            }
        });
    }
}

#[test]
fn relus_keep_nan_and_zeros() {
    let special = [f32::NAN, -0.0, 0.0, f32::INFINITY, f32::NEG_INFINITY];
    each_isa("relu", |isa| {
        let mut y = special;
        Activation::Relu.apply_in_place_on(isa, &mut y).unwrap();
        assert!(y[0].is_nan());
        assert_eq!(bits(&y[1..]), bits(&[-0.0, 0.0, f32::INFINITY, 0.0]), "{isa}");
        y = special;
        Activation::LeakyRelu { slope: 0.5 }.apply_in_place_on(isa, &mut y).unwrap();
        assert!(y[0].is_nan());
        assert_eq!(bits(&y[1..]), bits(&[-0.0, 0.0, f32::INFINITY, f32::NEG_INFINITY]), "{isa}");
        y = special;
        Activation::LeakyRelu { slope: -2.0 }.apply_in_place_on(isa, &mut y).unwrap();
        assert_eq!(bits(&y[1..]), bits(&[-0.0, 0.0, f32::INFINITY, f32::INFINITY]), "{isa}");
    });
}

#[test]
fn neither_length_nor_place_nor_form_changes_a_value() {
    let most = 4 * WIDEST + 1;
    let x = values(most);
    let (lens, offsets): (Vec<_>, Vec<_>) =
        if cfg!(miri) { (vec![5, most], vec![1]) } else { ((1..=most).collect(), (0..WIDEST).collect()) };
    for activation in Activation::ALL.into_iter().take(if cfg!(miri) { 3 } else { 10 }) {
        each_isa(activation.name(), |isa| {
            let alone: Vec<f32> = x
                .iter()
                .map(|x| {
                    let mut y = [*x];
                    activation.apply_in_place_on(isa, &mut y).unwrap();
                    y[0]
                })
                .collect();
            for &len in &lens {
                for &offset in &offsets {
                    let mut out = Guarded::new(len, offset, 7.0);
                    activation.apply_into_on(isa, &x[..len], out.middle()).unwrap();
                    assert_eq!(bits(out.check()), bits(&alone[..len]), "{isa}: {activation}, {len}");
                    let mut in_place = Guarded::copy(&x[..len], offset, 7.0);
                    activation.apply_in_place_on(isa, in_place.middle()).unwrap();
                    assert_eq!(
                        bits(in_place.check()),
                        bits(&alone[..len]),
                        "{isa}: {activation} in place, {len}"
                    );
                }
            }
        });
    }
}

/// The three functions of an activation.
type Functions = (
    fn(&[f32]) -> Result<Vec<f32>, Error>,
    fn(&[f32], &mut [f32]) -> Result<(), Error>,
    fn(&mut [f32]) -> Result<(), Error>,
);

const FUNCTIONS: [(Activation, Functions); 10] = {
    use kernels_nn::*;
    [
        (Activation::Relu, (relu, relu_into, relu_in_place)),
        (
            Activation::LeakyRelu { slope: 0.2 },
            (|x| leaky_relu(x, 0.2), |x, out| leaky_relu_into(x, 0.2, out), |x| leaky_relu_in_place(x, 0.2)),
        ),
        (Activation::Gelu, (gelu, gelu_into, gelu_in_place)),
        (Activation::GeluTanh, (gelu_tanh, gelu_tanh_into, gelu_tanh_in_place)),
        (Activation::Silu, (silu, silu_into, silu_in_place)),
        (Activation::Sigmoid, (sigmoid, sigmoid_into, sigmoid_in_place)),
        (Activation::Tanh, (tanh, tanh_into, tanh_in_place)),
        (Activation::Exp, (exp, exp_into, exp_in_place)),
        (Activation::Erf, (erf, erf_into, erf_in_place)),
        (Activation::Softplus, (softplus, softplus_into, softplus_in_place)),
    ]
};

#[test]
#[cfg_attr(miri, ignore = "slow there, and runs no other code than the others")]
fn functions_are_those_of_their_names() {
    let x = values(70);
    for (activation, (plain, into, in_place)) in FUNCTIONS {
        let want = bits(&activation.apply(&x).unwrap());
        assert_eq!(bits(&plain(&x).unwrap()), want, "{activation}");
        let mut out = vec![7.0; x.len()];
        into(&x, &mut out).unwrap();
        assert_eq!(bits(&out), want, "{activation}");
        out.copy_from_slice(&x);
        in_place(&mut out).unwrap();
        assert_eq!(bits(&out), want, "{activation}");
    }
}

#[test]
fn wrong_lengths_are_errors_and_nothing_is_written() {
    let empty = Error::OutOfRange { what: "x", min: 1, max: usize::MAX, got: 0 };
    for (activation, (plain, into, in_place)) in FUNCTIONS {
        assert_eq!(plain(&[]), Err(empty));
        assert_eq!(into(&[], &mut []), Err(empty));
        assert_eq!(in_place(&mut []), Err(empty));
        assert_eq!(activation.apply(&[]), Err(empty));
        let mut out = [7.0; 3];
        let length = Error::Length { what: "out", expected: 2, got: 3 };
        assert_eq!(into(&[1.0, 2.0], &mut out), Err(length));
        assert_eq!(activation.apply_into(&[1.0, 2.0], &mut out), Err(length));
        assert_eq!(out, [7.0; 3]);
    }
}

#[test]
fn sets_that_are_not_here_are_errors() {
    let missing = kernels_nn::Isa::ALL.iter().find(|isa| !isa.is_available()).unwrap();
    let mut x = [1.0];
    assert!(matches!(Activation::Exp.apply_in_place_on(*missing, &mut x), Err(Error::Isa(_))));
    assert!(matches!(Activation::Exp.apply_into_on(*missing, &[2.0], &mut x), Err(Error::Isa(_))));
    assert_eq!(x, [1.0]);
}

#[test]
fn pointers_may_be_the_same_but_not_overlap() {
    let x = values(40);
    for activation in Activation::ALL {
        let want = bits(&activation.apply(&x).unwrap());
        let mut out = vec![7.0_f32; x.len()];
        // SAFETY: alive, as long as said, and nobody else's.
        unsafe { activation_raw(activation, x.as_ptr(), out.as_mut_ptr(), x.len()) }.unwrap();
        assert_eq!(bits(&out), want, "{activation}");
        out.copy_from_slice(&x);
        let start = out.as_mut_ptr();
        // SAFETY: likewise.
        unsafe { activation_raw(activation, start, start, x.len()) }.unwrap();
        assert_eq!(bits(&out), want, "{activation}");

        let start = out.as_mut_ptr();
        for by in [1, x.len() - 1] {
            let len = x.len() - by;
            // SAFETY: likewise.
            let result = unsafe { activation_raw(activation, start, start.add(by), len) };
            let disjoint = by >= len;
            let want = if disjoint { Ok(()) } else { Err(Error::Overlap { what: "out", with: "x" }) };
            assert_eq!(result, want);
        }
        assert_eq!(bits(&out[..x.len() - 1]), want[..x.len() - 1], "{activation}: nothing was written");
    }
}

#[test]
fn pointers_to_nothing_are_errors() {
    let mut x = [1.0_f32];
    let (from, to) = (x.as_ptr(), x.as_mut_ptr());
    let relu = Activation::Relu;
    // SAFETY: nothing is read or written, as asserted.
    let results = unsafe {
        [
            activation_raw(relu, std::ptr::null(), to, 1),
            activation_raw(relu, from, std::ptr::null_mut(), 1),
            activation_raw(relu, from.byte_add(1), to, 1),
            activation_raw(relu, from, to, usize::MAX),
        ]
    };
    for (result, name) in results.into_iter().zip(["x", "out", "x", "x"]) {
        assert!(matches!(result, Err(Error::Pointer { what, .. }) if what == name), "{result:?}");
    }
    // SAFETY: likewise.
    let empty = unsafe { activation_raw(relu, from, to, 0) };
    assert_eq!(empty, Err(Error::OutOfRange { what: "len", min: 1, max: usize::MAX, got: 0 }));
    assert_eq!(x, [1.0]);
}

#[test]
fn names_are_read_as_they_are_written() {
    for activation in Activation::ALL.into_iter().chain([Activation::LeakyRelu { slope: -0.25 }]) {
        assert_eq!(activation.to_string().parse(), Ok(activation));
    }
    for activation in Activation::ALL {
        assert_eq!(activation.name().parse(), Ok(activation));
    }
    for text in ["", "Relu", "relu ", "swish2", "leaky_relu(", "leaky_relu()", "leaky_relu(x)", "gelu(0.1)"] {
        let error = text.parse::<Activation>().unwrap_err().to_string();
        assert!(error.contains("leaky_relu(0.01)") && error.contains("softplus"), "{error}");
    }
    assert_eq!(format!("{:>6}|{:<6}", Activation::Relu, Activation::Exp), "  relu|exp   ");
}

#[test]
#[cfg_attr(miri, ignore = "its allocator is Miri's own")]
fn nothing_is_allocated_but_results() {
    let (x, mut out) = (values(100), vec![0.0; 100]);
    for (_, (_, into, in_place)) in FUNCTIONS {
        let allocated = allocation_counter::measure(|| {
            into(&x, &mut out).unwrap();
            in_place(&mut out).unwrap();
        });
        assert_eq!(allocated.count_total, 0);
    }
}
