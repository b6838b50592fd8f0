//! A matrix times a vector: as fast as the matrix can be read.

use simd_core::{Isa, Kernel, Simd, Vector, lockstep};

/// Values from which a matrix is taken to come from memory, far more slowly than from the caches near the core: 8 MB.
pub(crate) const COLD: usize = 2 << 20;

/// `out[i] = sum over j of a[i, j] x[j]`
pub(super) struct Gemv<'a> {
    /// `[m, k]`
    pub(super) a: &'a [f32],
    /// `[k]`
    pub(super) x: &'a [f32],
    /// `[m]`
    pub(super) out: &'a mut [f32],
    /// Whether the whole matrix, of which this may be a part, is one that [`is_cold`]. What is added up in which order depends
    /// on it, and on `k`, and on nothing else.
    pub(super) cold: bool,
}

/// Whether a matrix is taken to come from memory.
pub(super) const fn is_cold(a: &[f32]) -> bool {
    a.len() >= COLD
}

impl Kernel for Gemv<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        match S::F32::LANES {
            8 => self.streams::<S, 8, 2, 4, 32, 8, 1, 8>(simd),
            // Each lane is a local of its own there.
            _ if S::ISA == Isa::Scalar && cfg!(target_family = "wasm") => {
                self.streams::<S, 4, 1, 2, 8, 1, 2, 8>(simd);
            }
            _ => self.streams::<S, 4, 2, 4, 16, 8, 1, 4>(simd),
        }
    }
}

impl Gemv<'_> {
    /// From cache, `R` rows at a time, each the next of its part of the matrix: long stretches are fetched best; `V` vectors,
    /// `W` values, in a step; a vector has `L` lanes. From memory, `RC` neighbours, with `VC` vectors, `WC` values: then it is the number of rows that
    /// counts.
    #[inline(always)]
    fn streams<
        S: Simd,
        const L: usize,
        const R: usize,
        const V: usize,
        const W: usize,
        const RC: usize,
        const VC: usize,
        const WC: usize,
    >(
        self,
        simd: S,
    ) {
        let m = self.out.len();
        if self.cold {
            let groups = m / RC;
            let rest = self.part::<S, L, RC, VC, WC>(simd, groups, RC, 1);
            rest.part::<S, L, 1, VC, WC>(simd, m - groups * RC, 1, 1);
        } else {
            let groups = m / R;
            let rest = self.part::<S, L, R, V, W>(simd, groups, 1, groups);
            rest.part::<S, L, 1, V, W>(simd, m - groups * R, 1, 1);
        }
    }

    /// The first `R` times `groups` rows: in each group the first one is `step` after that of the group before, and the
    /// others are `stride` apart. Returns the rest.
    #[inline(always)]
    fn part<S: Simd, const L: usize, const R: usize, const V: usize, const W: usize>(
        self,
        simd: S,
        groups: usize,
        step: usize,
        stride: usize,
    ) -> Self {
        let Self { a, x, out, cold } = self;
        let (a, rest_of_a) = a.split_at(groups * R * x.len());
        let (out, rest) = out.split_at_mut(groups * R);
        if groups > 0 {
            simd.vectorize(
                #[inline(always)]
                || rows::<S, L, R, V, W>(simd, a, x, out, groups, step, stride),
            );
        }
        Self { a: rest_of_a, x, out: rest, cold }
    }
}

#[inline(always)]
fn rows<S: Simd, const L: usize, const R: usize, const V: usize, const W: usize>(
    simd: S,
    a: &[f32],
    x: &[f32],
    out: &mut [f32],
    groups: usize,
    step: usize,
    stride: usize,
) {
    // Folds. (Not in a `const` block: those of other sets are compiled for this one too, and never called.)
    assert!(L == S::F32::LANES && W == V * L && V.is_power_of_two(), "vectors that do not make a step");
    let (steps, rest) = x.as_chunks::<W>();
    let (vectors, rest) = rest.as_chunks::<L>();
    for group in 0..groups {
        // Steps, then vectors, then single values, as far as they go.
        let (mut step_rows, mut vector_rows, mut rests) = ([&[][..]; R], [&[][..]; R], [&[][..]; R]);
        for i in 0..R {
            let row = &a[(group * step + i * stride) * x.len()..][..x.len()];
            (step_rows[i], rests[i]) = row.as_chunks::<W>();
            (vector_rows[i], rests[i]) = rests[i].as_chunks::<L>();
        }
        let mut chains = [[simd.splat(0.0_f32); V]; R];
        lockstep(
            steps,
            step_rows,
            #[inline(always)]
            |x, a| {
                for j in 0..V {
                    let x = simd.load(&x[j * L..]);
                    for i in 0..R {
                        chains[i][j] = simd.load(&a[i][j * L..]).mul_add(x, chains[i][j]);
                    }
                }
            },
        );
        lockstep(
            vectors,
            vector_rows,
            #[inline(always)]
            |x, a| {
                let x = simd.load(x);
                for i in 0..R {
                    chains[i][0] = simd.load(&a[i]).mul_add(x, chains[i][0]);
                }
            },
        );
        let mut sums = [0.0; R];
        for i in 0..R {
            let mut width = V;
            while width > 1 {
                width /= 2;
                for j in 0..width {
                    chains[i][j] = chains[i][j] + chains[i][j + width];
                }
            }
            sums[i] = chains[i][0].to_array().as_ref().iter().sum();
        }
        lockstep(
            rest,
            rests,
            #[inline(always)]
            |x, a| {
                for i in 0..R {
                    sums[i] += a[i] * x;
                }
            },
        );
        for i in 0..R {
            out[group * step + i * stride] = sums[i];
        }
    }
}
