//! Every operation of every instruction set, lane by lane, on ordinary and on special values.

use kernels_testing::{Guarded, Random, each_isa};
use simd_core::{Element, Isa, Kernel, Mask, Simd, Vector, dispatch_on};

/// Checks all operations on the lanes of three slices of at least `LANES` values.
struct Operations<'a, T> {
    a: &'a [T],
    b: &'a [T],
    c: &'a [T],
}

/// Lanes from a function of the lane's number.
fn lanes<S: Simd, T: Element>(simd: S, lane: impl Fn(usize) -> T) -> T::Vector<S> {
    simd.load(&(0..T::Vector::<S>::LANES).map(lane).collect::<Vec<_>>())
}

#[track_caller]
fn assert_lanes<V: Vector>(what: &str, got: V, want: impl Fn(usize) -> V::Element) {
    for (i, &got) in got.to_array().as_ref().iter().enumerate() {
        let want = want(i);
        // The inverse tells the zeros apart.
        let equal = got == want && V::Element::ONE / got == V::Element::ONE / want;
        let same = equal || (got.partial_cmp(&got).is_none() && want.partial_cmp(&want).is_none());
        assert!(same, "{what}, lane {i}: {got}, expected {want}");
    }
}

impl<T: Element> Kernel for Operations<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let Self { a, b, c } = self;
        let (va, vb, vc) = (simd.load(a), simd.load(b), simd.load(c));
        let (one, zero) = (simd.splat(T::ONE), simd.splat(T::ZERO));

        assert_lanes("load", va, |i| a[i]);
        assert_lanes("splat", simd.splat(a[1]), |_| a[1]);
        assert_lanes("+", va + vb, |i| a[i] + b[i]);
        assert_lanes("-", va - vb, |i| a[i] - b[i]);
        assert_lanes("*", va * vb, |i| a[i] * b[i]);
        assert_lanes("/", va / vb, |i| a[i] / b[i]);
        assert_lanes("sqrt", va.sqrt(), |i| a[i].sqrt());
        assert_lanes("abs", va.abs(), |i| a[i].abs());
        // The second, where either is NaN and between equals.
        assert_lanes("max", va.max(vb), |i| if a[i] > b[i] { a[i] } else { b[i] });
        assert_lanes("min", va.min(vb), |i| if a[i] < b[i] { a[i] } else { b[i] });

        let check = |what, mask: <T::Vector<S> as Vector>::Mask, want: &dyn Fn(usize) -> bool| {
            assert_lanes(what, mask.select(one, zero), |i| if want(i) { T::ONE } else { T::ZERO });
            assert_lanes(what, mask.select(va, vb), |i| if want(i) { a[i] } else { b[i] });
            assert_eq!(mask.any(), (0..T::Vector::<S>::LANES).any(want), "{what}: any");
            assert_eq!(mask.all(), (0..T::Vector::<S>::LANES).all(want), "{what}: all");
        };
        let is_nan = |x: T| x.partial_cmp(&x).is_none();
        check("eq", va.eq(vb), &|i| a[i] == b[i]);
        check("lt", va.lt(vb), &|i| a[i] < b[i]);
        check("le", va.le(vb), &|i| a[i] <= b[i]);
        check("unordered", va.unordered(vb), &|i| is_nan(a[i]) || is_nan(b[i]));
        check("&", va.lt(vb) & va.lt(vc), &|i| a[i] < b[i] && a[i] < c[i]);
        check("|", va.lt(vb) | va.lt(vc), &|i| a[i] < b[i] || a[i] < c[i]);

        // Integers small enough that a fused and an unfused result are the same.
        let small = |i: usize| (0..i % 5).fold(T::ZERO, |x, _| x + T::ONE);
        let product = lanes::<S, T>(simd, small).mul_add(lanes::<S, T>(simd, |i| small(i + 1)), one);
        assert_lanes("mul_add", product, |i| small(i) * small(i + 1) + T::ONE);

        let width = T::Vector::<S>::LANES;
        let mut rows = zero.block();
        for (i, row) in rows.as_mut().iter_mut().enumerate() {
            *row = lanes::<S, T>(simd, |j| if i == j { a[i] } else { small(i + 2 * j) });
        }
        for (j, column) in <T::Vector<S> as Vector>::transpose(rows).as_ref().iter().enumerate() {
            assert_lanes("transpose", *column, |i| if i == j { a[i] } else { small(i + 2 * j) });
        }
        let lagged = |by: usize| move |i: usize| if i < by { a[width - by + i] } else { b[i - by] };
        for by in [1, 2, 4] {
            if by < width {
                assert_lanes("lag", vb.lag(va, by), lagged(by));
            }
        }

        for offset in 0..2 * T::Vector::<S>::LANES {
            let mut out = Guarded::new(T::Vector::<S>::LANES, offset, T::ONE);
            lanes::<S, T>(simd, small).store(out.middle());
            for (i, &x) in out.check().iter().enumerate() {
                assert!(x == small(i), "store at offset {offset}");
            }
        }
        simd.prefetch(a, usize::MAX);
    }
}

fn operations<T: Element>(special: &[T], mut random: impl FnMut() -> T) {
    const WIDEST: usize = 8;
    let mut values = special.to_vec();
    values.extend((0..if cfg!(miri) { 3 } else { 40 }).map(|_| random()));
    // Every pair of values meets in every lane.
    let cyclic =
        |start: usize| -> Vec<T> { (start..start + WIDEST).map(|i| values[i % values.len()]).collect() };
    for i in 0..values.len() {
        let strides = if cfg!(miri) { 0..2 } else { 0..values.len() };
        for j in strides {
            let (a, b, c) = (cyclic(i), cyclic(i + j), cyclic(i + 2 * j + 1));
            each_isa("vector operations", |isa| {
                dispatch_on(isa, Operations { a: &a, b: &b, c: &c }).unwrap()
            });
        }
    }
}

#[test]
fn f32_operations() {
    let mut random = Random::new(1);
    let special = [0.0, -0.0, 1.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, -f32::NAN, 1e-40, f32::MAX];
    operations(&special, || f32::from_bits(random.bits() as u32));
}

#[test]
fn f64_operations() {
    let mut random = Random::new(2);
    let special = [0.0, -0.0, 1.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN, 1e-310, f64::MAX];
    operations(&special, || f64::from_bits(random.bits()));
}

/// Whether `mul_add` rounds once: `(1 + e)^2 - (1 + 2e)` is `e^2` then, and 0 if the square is rounded first.
struct Fuses;

impl Kernel for Fuses {
    type Output = bool;

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) -> bool {
        let e = f32::EPSILON;
        let x = simd.splat(1.0 + e);
        let rest = x.mul_add(x, simd.splat(-(1.0 + 2.0 * e)));
        rest.to_array().as_ref()[0] == e * e
    }
}

#[test]
fn mul_add_is_fused_where_the_documentation_says_so() {
    each_isa("mul_add", |isa| {
        assert_eq!(
            dispatch_on(isa, Fuses),
            Ok(matches!(isa, Isa::Avx2 | Isa::Neon | Isa::RelaxedSimd)),
            "{isa}"
        );
    });
}

/// Loads, or stores, one value fewer than a vector has lanes.
struct Short {
    store: bool,
}

impl Kernel for Short {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        let mut values = vec![0.0_f32; S::F32::LANES - 1];
        if self.store {
            simd.splat(1.0_f32).store(&mut values);
        } else {
            let _ = simd.load(&values);
        }
    }
}

#[test]
fn a_short_slice_is_a_panic_not_a_read_beyond_it() {
    each_isa("short slices", |isa| {
        for store in [false, true] {
            let result = std::panic::catch_unwind(|| dispatch_on(isa, Short { store }));
            let message = *result.unwrap_err().downcast::<String>().unwrap();
            assert!(message.contains("needs a slice of"), "{isa}: {message}");
        }
    });
}
