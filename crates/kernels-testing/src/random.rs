//! Inputs that are random enough, and the same on every machine.

use crate::prices::Bars;

/// A generator of test inputs: SplitMix64 (Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The same seed gives the same numbers.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// A number from 0 to `end`, `end` excluded.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    /// `n` numbers from -1 to 1.
    pub fn uniform(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| (self.bits() >> 40) as f32 / (1 << 23) as f32 - 1.0).collect()
    }

    /// `n` rows of `dim` values and of length 1, as token embeddings are.
    pub fn unit_rows(&mut self, n: usize, dim: usize) -> Vec<f32> {
        let mut rows = self.uniform(n * dim);
        for row in rows.chunks_exact_mut(dim) {
            let norm = row.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
            row.iter_mut().for_each(|x| *x = (f64::from(*x) / norm) as f32);
        }
        rows
    }
    /// A number from 0 to 1, 1 excluded.
    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// `n` prices, the first about 100, each up to 1 % above the one before, or as much below.
    pub fn price_walk(&mut self, n: usize) -> Vec<f64> {
        let mut price = 100.0;
        let step = |_| {
            let change = 1.0 + 0.01 * self.unit();
            price = if self.below(2) == 0 { price * change } else { price / change };
            price
        };
        (0..n).map(step).collect()
    }

    /// `n` bars of four hours, which open where the one before has closed.
    pub fn bars(&mut self, n: usize) -> Bars {
        let close = self.price_walk(n);
        let open: Vec<f64> =
            close[..n.min(1)].iter().chain(close.iter().take(n - n.min(1))).copied().collect();
        let ends = || open.iter().zip(&close);
        let high = ends().map(|(open, close)| open.max(*close) * (1.0 + 0.005 * self.unit())).collect();
        let low = ends().map(|(open, close)| open.min(*close) * (1.0 - 0.005 * self.unit())).collect();
        let volume = (0..n).map(|_| 1.0 + 1000.0 * self.unit()).collect();
        Bars { time: (0..n as u64).map(|i| i * 14_400_000).collect(), open, high, low, close, volume }
    }
}
