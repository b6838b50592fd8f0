//! `indicators-wasm-native NAME BARS PERIOD CALLS` prints the milliseconds that so many calls take, after as many that
//! are not counted.

use kernels_indicators::{ema_into, sma_into, smma_into};
use kernels_testing::Random;
use std::hint::black_box;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [name, numbers @ ..] = arguments.as_slice() else { return Err("no indicator".into()) };
    let numbers = numbers.iter().map(|number| number.parse()).collect::<Result<Vec<usize>, _>>()?;
    let [bars, period, calls] = numbers[..] else { return Err("expected BARS PERIOD CALLS".into()) };
    let indicator = match name.as_str() {
        "smma" => smma_into,
        "ema" => ema_into,
        "sma" => sma_into,
        _ => return Err("no such indicator".into()),
    };

    let data = Random::new(1).price_walk(bars);
    let mut out = vec![0.0; bars];
    let mut start = Instant::now();
    for call in 0..2 * calls {
        if call == calls {
            start = Instant::now();
        }
        indicator(black_box(&data), period, black_box(&mut out))?;
    }
    println!("{}", start.elapsed().as_secs_f64() * 1e3);
    Ok(())
}
