//! Published values, by two libraries that are independent of each other and of this one.
#![cfg(not(miri))]

use kernels_indicators::{Indicator, smma_into};
use kernels_indicators::{rma, smma, spec, wilders};
use kernels_testing::{each_isa, prices};

#[test]
fn smma_is_what_two_libraries_have_published() {
    let (data, goldens) = (prices::golden_input(), prices::goldens());
    assert!(!goldens.is_empty());
    for prices::Golden { period, bar, values } in goldens {
        let [one, other] = values;
        // They differ by what rounding left in them; the input goes up to 25.
        let near = |got: f64| (got - one).abs().max((got - other).abs()) <= 1e-14 * 25.0;
        each_isa("smma", |isa| {
            let mut out = vec![0.0; data.len()];
            spec::Smma::new(period).batch_into_on(isa, &data, &mut out).unwrap();
            assert!(near(out[bar]), "period {period} on {isa}, bar {bar}: {}, expected {values:?}", out[bar]);
        });
        let mut stream = spec::Smma::new(period).stream::<f64>().unwrap();
        let last = data[..=bar].iter().fold(None, |_, x| stream.update(*x));
        assert!(
            near(last.unwrap()),
            "the stream of period {period}, bar {bar}: {last:?}, expected {values:?}"
        );
    }
}

#[test]
fn smma_goes_by_three_names() {
    let data = prices::golden_input();
    let want = smma(&data, 14).unwrap();
    for got in [rma(&data, 14).unwrap(), wilders(&data, 14).unwrap()] {
        assert_eq!(got[13..], want[13..]);
    }
    let mut out = vec![0.0; data.len()];
    for into in [smma_into::<f64>, kernels_indicators::rma_into, kernels_indicators::wilders_into] {
        into(&data, 14, &mut out).unwrap();
        assert_eq!(out[13..], want[13..]);
    }
}
