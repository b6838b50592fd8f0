//! What writes into slices allocates nothing, and a stream nothing once it is made.
//!
//! A program of its own: the counter counts what is asked of the allocator in vain, too, and other tests ask
//! for more than there is.
#![cfg(not(miri))]

#[expect(dead_code, reason = "a part of it is enough here")]
#[path = "suite/cases.rs"]
mod cases;
#[expect(dead_code, reason = "likewise")]
#[path = "suite/data.rs"]
mod data;

use crate::cases::{Form, all};
use crate::data::{Data, Real};
use allocation_counter::measure;
use kernels_indicators::{Bands, Indicator, smma_raw, spec};
use kernels_testing::{each_isa, small};

#[test]
fn forms_over_slices_allocate_nothing() {
    fn check<T: Real>() {
        let bars = if small() { 120 } else { 2400 };
        let mut data = Data::<T>::walk(1, bars);
        // A gap, too, takes no memory.
        data.real[0][bars / 2] = T::NAN;
        for case in [1, 3, 14, 60].into_iter().flat_map(all::<T>) {
            let input = data.input(&*case, bars);
            let (mut out, mut over) = (vec![vec![T::ZERO; bars]; case.outputs()], input[0].to_vec());
            let mut slices: Vec<&mut [T]> = out.iter_mut().map(Vec::as_mut_slice).collect();
            each_isa(case.name(), |isa| {
                let counted = measure(|| {
                    case.run_into(Form::On(isa), &input, &mut slices).unwrap();
                    case.run_in_place(Form::On(isa), &mut over).transpose().unwrap();
                });
                assert_eq!(counted.count_total, 0, "{case:?} on {isa}");
            });
            let counted = measure(|| {
                case.run_into(Form::Plain, &input, &mut slices).unwrap();
                case.run_in_place(Form::Plain, &mut over).transpose().unwrap();
                case.run_many_into(Form::Plain, &input, 2, &mut slices).unwrap();
                case.run_many_into(Form::Plain, &input, 0, &mut slices).unwrap_err();
            });
            assert_eq!(counted.count_total, 0, "{case:?}");
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn a_stream_allocates_only_when_it_is_made() {
    fn check<T: Real>() {
        let bars = if small() { 100 } else { 500 };
        let data = Data::<T>::walk(2, bars);
        for case in [1, 3, 9, 14, 60].into_iter().flat_map(all::<T>) {
            let input = data.input(&*case, bars);
            let mut stream = case.new_stream().unwrap();
            let counted = measure(|| {
                for _ in 0..2 {
                    for bar in 0..bars {
                        let values: [T; 4] =
                            std::array::from_fn(|i| input.get(i).map_or(T::ZERO, |xs| xs[bar]));
                        stream.peek(&values);
                        stream.update(&values);
                    }
                    stream.reset();
                }
            });
            assert_eq!(counted.count_total, 0, "{case:?}");
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn sweeps_into_slices_allocate_nothing() {
    let data = Data::<f64>::walk(3, 200);
    let [high, low, close, _] = data.real.each_ref().map(|xs| &xs[..]);
    let periods: [usize; 20] = std::array::from_fn(|i| i * 7 % 30 + 1);
    let [mut a, mut b, mut c] = [(); 3].map(|()| vec![0.0; 200 * periods.len()]);
    let counted = measure(|| {
        spec::Smma::sweep_into(&periods.map(spec::Smma::new), close, &mut a).unwrap();
        spec::Ema::sweep_into(&periods.map(spec::Ema::new), close, &mut a).unwrap();
        spec::Sma::sweep_into(&periods.map(spec::Sma::new), close, &mut a).unwrap();
        spec::Tema::sweep_into(&periods.map(spec::Tema::new), close, &mut a).unwrap();
        spec::Rsi::sweep_into(&periods.map(spec::Rsi::new), close, &mut a).unwrap();
        spec::Atr::sweep_into(&periods.map(spec::Atr::new), [high, low, close], &mut a).unwrap();
        let bands = Bands { upper: &mut a[..], middle: &mut b[..], lower: &mut c[..] };
        spec::Bollinger::sweep_into(&periods.map(|n| spec::Bollinger::new(n, 2.0)), close, bands).unwrap();
    });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn the_raw_form_allocates_nothing() {
    let (data, mut out) = ([1.0; 100], [0.0; 100]);
    // SAFETY: both arrays are alive and this long.
    let counted = measure(|| unsafe { smma_raw(data.as_ptr(), out.as_mut_ptr(), 100, 14).unwrap() });
    assert_eq!(counted.count_total, 0);
}

#[test]
fn the_counter_counts() {
    assert!(measure(|| drop(kernels_indicators::smma(&[1.0; 48], 3))).count_total > 0);
}
