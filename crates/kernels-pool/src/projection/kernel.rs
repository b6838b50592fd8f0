//! The hot loop: inner products of the rows of one matrix with the rows of another.

use simd_core::{Element, Isa, Kernel, Simd, Vector, lockstep};

/// Bytes of `x` that all weights pass over before the next: they stay in the second-level cache.
const BLOCK: usize = 128 << 10;

/// Rows of weights times rows of `x` that no tile exceeds.
const MOST: usize = 16;

/// `out[r, j] = start + sum over i of x[r, i] w[j, i]`, for every row of `x` and of the weights.
///
/// A vector of L lanes sums up every L-th product, in order, by fused operations where the set has them; the lanes
/// are then added pairwise, what is left of the row is added one by one, and at last the start. So |error| <= (depth
/// / L + 16) u * (|start| + sum of |x w|), for a depth up to 32,768, and u = 2^-24 for `f32`, 2^-53 for `f64`.
pub(super) struct Products<'a, T> {
    /// `[n, depth]`
    pub(super) x: &'a [T],
    /// `[k, depth]`
    pub(super) weights: &'a [T],
    /// At least 1.
    pub(super) depth: usize,
    pub(super) start: Start<'a, T>,
    /// `[n, stride]`, of which the first `k` columns are written.
    pub(super) out: &'a mut [T],
    /// At least `k`.
    pub(super) stride: usize,
}

/// What a sum of products is added to.
#[derive(Clone, Copy)]
pub(super) enum Start<'a, T> {
    Zero,
    /// `[k]`: one for each row of the weights.
    Bias(&'a [T]),
    /// What `out` holds.
    Out,
}

impl<T: Element> Kernel for Products<'_, T> {
    type Output = ();

    /// With tiles of several rows of `x`, and of one: of as many accumulators as additions in flight, as far as there
    /// are registers.
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        // Each lane is a local of its own in wasm without vectors, and engines keep few of them in registers.
        let few = S::ISA == Isa::Scalar && cfg!(target_family = "wasm");
        match T::Vector::<S>::LANES {
            8 => self.tiled::<S, 8, 4, 2, 6, 8, 9>(simd),
            4 if S::ISA == Isa::Neon => self.tiled::<S, 4, 4, 4, 8, 8, 9>(simd),
            4 if few => self.tiled::<S, 4, 2, 2, 4, 4, 5>(simd),
            4 => self.tiled::<S, 4, 4, 2, 6, 8, 9>(simd),
            _ if S::ISA == Isa::Neon => self.tiled::<S, 2, 4, 4, 8, 8, 9>(simd),
            _ if few => self.tiled::<S, 2, 2, 2, 4, 4, 5>(simd),
            _ => self.tiled::<S, 2, 4, 2, 6, 8, 9>(simd),
        }
    }
}

impl<T: Element> Products<'_, T> {
    /// `L` lanes; tiles of `NW` rows of weights and `NX` of `x`, in all `N`; and tiles of `NW1` rows of weights and
    /// one of `x`, in all `N1`.
    #[inline(always)]
    fn tiled<
        S: Simd,
        const L: usize,
        const NW: usize,
        const NX: usize,
        const N: usize,
        const NW1: usize,
        const N1: usize,
    >(
        self,
        simd: S,
    ) {
        let Self { x, weights, depth, start, out, stride } = self;
        let rows = (BLOCK / (size_of::<T>() * depth)).max(1).next_multiple_of(NX);
        // Rows that no memory holds are more than there are.
        let out = out.chunks_mut(rows.saturating_mul(stride));
        for (x, out) in x.chunks(rows * depth).zip(out) {
            let whole = x.len() / depth / NX * NX;
            let (x, single_x) = x.split_at(whole * depth);
            let (out, single_out) = out.split_at_mut(whole * stride);
            let mut pass = Products { x, weights, depth, start, out, stride };
            pass.rows::<S, L, NW, NX, N>(simd);
            let mut pass = Products { x: single_x, weights, depth, start, out: single_out, stride };
            pass.rows::<S, L, NW1, 1, N1>(simd);
        }
    }

    /// All weights, `NW` rows at a time.
    #[inline(always)]
    fn rows<S: Simd, const L: usize, const NW: usize, const NX: usize, const N: usize>(&mut self, simd: S) {
        if self.x.is_empty() {
            return;
        }
        for first in (0..self.weights.len() / self.depth).step_by(NW) {
            simd.vectorize(
                #[inline(always)]
                || self.pass::<S, L, NW, NX, N>(simd, first),
            );
        }
    }

    /// The rows of weights from `first` on, against all rows of `x`, `NX` at a time. Where fewer than `NW` are left,
    /// the last one is taken several times, and written once.
    #[inline(always)]
    fn pass<S: Simd, const L: usize, const NW: usize, const NX: usize, const N: usize>(
        &mut self,
        simd: S,
        first: usize,
    ) {
        let Self { x, weights, depth, start, ref mut out, stride } = *self;
        let k = weights.len() / depth;
        let columns = NW.min(k - first);
        let (mut rows, mut starts) = ([&x[..0]; N], [T::ZERO; NW]);
        for i in 0..NW {
            let row = (first + i).min(k - 1);
            rows[i] = &weights[row * depth..][..depth];
            if let Start::Bias(bias) = start {
                starts[i] = bias[row];
            }
        }
        for (x, out) in x.chunks_exact(NX * depth).zip(out.chunks_exact_mut(NX * stride)) {
            for (row, x) in rows[NW..].iter_mut().zip(x.chunks_exact(depth)) {
                *row = x;
            }
            let sums = tile::<S, T, L, NW, NX, N>(simd, &rows);
            for (sums, out) in sums.chunks_exact(NW).zip(out.chunks_exact_mut(stride)) {
                let out = &mut out[first..][..columns];
                // One by one: a loop over a few values that the compiler cannot count becomes a call.
                for i in 0..NW {
                    if let Some(out) = out.get_mut(i) {
                        let start = if let Start::Out = start { *out } else { starts[i] };
                        *out = sums[i] + start;
                    }
                }
            }
        }
    }
}

/// The inner products of the first `NW` of `rows` with the others, which are `NX`: those with the first one first.
#[inline(always)]
fn tile<S: Simd, T: Element, const L: usize, const NW: usize, const NX: usize, const N: usize>(
    simd: S,
    rows: &[&[T]; N],
) -> [T; MOST] {
    // Folds. (Not in a `const` block: tiles of other sets are compiled for this one too, and never called.)
    assert!(L == T::Vector::<S>::LANES && N == NW + NX && NW * NX <= MOST && (NW * NX).is_multiple_of(L));
    let (mut steps, mut rests) = ([&[][..]; N], [&[][..]; N]);
    for i in 0..N {
        (steps[i], rests[i]) = rows[i].as_chunks::<L>();
    }
    let mut acc = [[simd.splat(T::ZERO); NW]; NX];
    lockstep(steps[0], steps, |_, values| {
        for (x, acc) in values[NW..].iter().zip(&mut acc) {
            let x = simd.load(x);
            for i in 0..NW {
                acc[i] = simd.load(&values[i]).mul_add(x, acc[i]);
            }
        }
    });
    let mut sums = [T::ZERO; MOST];
    for (acc, sums) in acc.as_flattened().chunks_exact(L).zip(sums.chunks_exact_mut(L)) {
        add_lanes(simd, acc).store(sums);
    }
    lockstep(rests[0], rests, |_, values| {
        for (x, sums) in values[NW..].iter().zip(sums.chunks_exact_mut(NW)) {
            for i in 0..NW {
                sums[i] = sums[i] + values[i] * *x;
            }
        }
    });
    sums
}

/// The sum of the lanes of each of `LANES` vectors.
#[inline(always)]
fn add_lanes<S: Simd, V: Vector<Simd = S>>(simd: S, vectors: &[V]) -> V {
    let mut rows = V::splat(simd, V::Element::ZERO).block();
    rows.as_mut().copy_from_slice(vectors);
    let mut lanes = V::transpose(rows);
    let lanes = lanes.as_mut();
    let mut width = lanes.len();
    while width > 1 {
        width /= 2;
        for i in 0..width {
            lanes[i] = lanes[i] + lanes[i + width];
        }
    }
    lanes[0]
}
