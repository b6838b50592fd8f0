//! Panels of weights in fewer bits than `f32`, and the hot loops that read them.
//!
//! Each product is, to the bit, what it is with `f32` panels that hold the same numbers.

use super::tile::{STEPS, write};
use simd_core::{Simd, Vector, lockstep};

/// What reads panels, laid out as [`panels`](super::panels) has it, of weights in fewer bits.
pub(super) trait Encoding: Copy {
    /// Some steps of a panel as `f32`.
    fn decode<S: Simd, const NR: usize, const NV: usize>(
        self,
        simd: S,
        steps: Steps,
        panel: usize,
        out: &mut [[f32; NR]],
    );

    /// Multiplies a row of A by `NP` neighbouring panels.
    fn row<S: Simd, const NR: usize, const NV: usize, const NP: usize>(
        self,
        simd: S,
        a: &[f32],
        panel: usize,
        out: &mut [f32],
    );
}

/// Some steps along `k`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    /// Those of the whole matrix.
    pub(super) k: usize,
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Steps {
    /// What a panel has for them.
    #[inline(always)]
    fn of<T>(self, panels: &[T], panel: usize) -> &[T] {
        &panels[panel * self.k + self.first..][..self.count]
    }

    /// What neighbouring panels have for them.
    #[inline(always)]
    fn of_each<T, const NP: usize>(self, panels: &[T], panel: usize) -> [&[T]; NP] {
        let mut each = [&panels[..0]; NP];
        for (p, one) in each.iter_mut().enumerate() {
            *one = self.of(panels, panel + p);
        }
        each
    }

    /// Those for which an accumulator of their own adds up products, as in [`tile`](super::tile).
    #[inline(always)]
    fn all(k: usize) -> impl Iterator<Item = Self> {
        (0..k).step_by(STEPS).map(
            #[inline(always)]
            move |first| Self { k, first, count: STEPS.min(k - first) },
        )
    }
}

/// A format of 16 bits.
pub(super) trait Half: Copy {
    fn load<S: Simd>(self, simd: S, bits: &[u16]) -> S::F32;
}

#[derive(Clone, Copy, Debug)]
pub(super) struct F16;

#[derive(Clone, Copy, Debug)]
pub(super) struct Bf16;

impl Half for F16 {
    #[inline(always)]
    fn load<S: Simd>(self, simd: S, bits: &[u16]) -> S::F32 {
        simd.load_f16(bits)
    }
}

impl Half for Bf16 {
    #[inline(always)]
    fn load<S: Simd>(self, simd: S, bits: &[u16]) -> S::F32 {
        simd.load_bf16(bits)
    }
}

/// Panels of halves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Halves<'a, F> {
    /// `[panels, k, NR]`
    pub(super) bits: &'a [u16],
    pub(super) format: F,
}

impl<F: Half> Encoding for Halves<'_, F> {
    #[inline(always)]
    fn decode<S: Simd, const NR: usize, const NV: usize>(
        self,
        simd: S,
        steps: Steps,
        panel: usize,
        out: &mut [[f32; NR]],
    ) {
        let bits = steps.of(self.bits.as_chunks::<NR>().0, panel);
        simd.vectorize(
            #[inline(always)]
            || {
                for (bits, out) in bits.iter().zip(out) {
                    let vectors = bits.chunks_exact(S::F32::LANES);
                    for (bits, out) in vectors.zip(out.chunks_exact_mut(S::F32::LANES)) {
                        self.format.load(simd, bits).store(out);
                    }
                }
            },
        );
    }

    #[inline(always)]
    fn row<S: Simd, const NR: usize, const NV: usize, const NP: usize>(
        self,
        simd: S,
        a: &[f32],
        panel: usize,
        out: &mut [f32],
    ) {
        let Self { bits, format } = self;
        let bits = bits.as_chunks::<NR>().0;
        for steps in Steps::all(a.len()) {
            let (panels, a) = (steps.of_each::<_, NP>(bits, panel), &a[steps.first..][..steps.count]);
            let add = steps.first > 0;
            simd.vectorize(
                #[inline(always)]
                || halves_row::<S, NR, NV, NP>(simd, panels, a, out, add, format),
            );
        }
    }
}

#[inline(always)]
fn halves_row<S: Simd, const NR: usize, const NV: usize, const NP: usize>(
    simd: S,
    panels: [&[[u16; NR]]; NP],
    a: &[f32],
    out: &mut [f32],
    add: bool,
    format: impl Half,
) {
    assert!(NV * S::F32::LANES == NR, "vectors that do not make a panel");
    let mut sums = [[simd.splat(0.0_f32); NV]; NP];
    lockstep(
        a,
        panels,
        #[inline(always)]
        |a, groups| {
            let a = simd.splat(*a);
            for p in 0..NP {
                for j in 0..NV {
                    let b = format.load(simd, &groups[p][j * S::F32::LANES..]);
                    sums[p][j] = a.mul_add(b, sums[p][j]);
                }
            }
        },
    );
    for (p, sums) in sums.iter().enumerate() {
        write(simd, sums, &mut out[p * NR..][..NR], add);
    }
}

/// Panels of numbers from 0 to 15, each of which stands for `(number - zero) * scale`.
///
/// Two numbers are in a byte: in its lower half that of a lane of one vector, in its upper half that of the same lane of
/// the next. `scale` has 20 significant bits at most, so that the weight is exact, and so is `zero * scale`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Int4<'a> {
    /// `[panels, k, NR / 2]`
    pub(super) bytes: &'a [u8],
    /// `[panels, k / group, NR]`
    pub(super) scales: &'a [f32],
    /// `[panels, k / group, NR / 2]`, packed likewise. Where there are none, all zeros are [`MIDDLE`].
    pub(super) zeros: &'a [u8],
    /// Steps that share a scale.
    pub(super) group: usize,
    /// `k / group`
    pub(super) groups: usize,
}

/// What stands for zero where groups have no number of their own for it.
pub(super) const MIDDLE: u8 = 8;

/// A number becomes `number * scale + offset`.
#[derive(Clone, Copy, Debug)]
struct Scale<V, const NV: usize> {
    scales: [V; NV],
    offsets: [V; NV],
}

impl<V: Vector<Element = f32>, const NV: usize> Scale<V, NV> {
    #[inline(always)]
    fn new(simd: V::Simd) -> Self {
        let none = V::splat(simd, 0.0);
        Self { scales: [none; NV], offsets: [none; NV] }
    }
}

impl Int4<'_> {
    /// The scales of a group.
    #[inline(always)]
    fn scale<S: Simd, const NR: usize, const NV: usize>(
        self,
        simd: S,
        panel: usize,
        group: usize,
    ) -> Scale<S::F32, NV> {
        let at = panel * self.groups + group;
        let mut scale = Scale::new(simd);
        let scales = self.scales[at * NR..][..NR].chunks_exact(S::F32::LANES);
        for (vector, values) in scale.scales.iter_mut().zip(scales) {
            *vector = simd.load(values);
        }
        let mut zeros = [simd.splat(f32::from(MIDDLE)); NV];
        if !self.zeros.is_empty() {
            zeros = numbers::<S, NV>(simd, &self.zeros[at * (NR / 2)..][..NR / 2]);
        }
        for (j, zero) in zeros.into_iter().enumerate() {
            scale.offsets[j] = (simd.splat(0.0_f32) - zero) * scale.scales[j];
        }
        scale
    }

    /// Calls `f` with each group, and those of its steps that are among these.
    #[inline(always)]
    fn each_group(self, steps: Steps, mut f: impl FnMut(usize, Steps)) {
        let end = steps.first + steps.count;
        // Divisions take longer than a group's arithmetic: there is one.
        let mut group = steps.first / self.group;
        let mut first = steps.first;
        while first < end {
            let next = ((group + 1) * self.group).min(end);
            f(group, Steps { first, count: next - first, ..steps });
            (group, first) = (group + 1, next);
        }
    }

    #[inline(always)]
    fn decode_panel<S: Simd, const NR: usize, const NV: usize, const NB: usize>(
        self,
        simd: S,
        steps: Steps,
        panel: usize,
        out: &mut [[f32; NR]],
    ) {
        assert!(NV * S::F32::LANES == NR && 2 * NB == NR, "vectors that do not make a panel");
        self.each_group(
            steps,
            #[inline(always)]
            |group, part| {
                let scale = self.scale::<S, NR, NV>(simd, panel, group);
                let bytes = part.of(self.bytes.as_chunks::<NB>().0, panel);
                let out = &mut out[part.first - steps.first..][..part.count];
                for (bytes, out) in bytes.iter().zip(out) {
                    let numbers = numbers::<S, NV>(simd, bytes);
                    for (j, out) in out.chunks_exact_mut(S::F32::LANES).enumerate() {
                        numbers[j].mul_add(scale.scales[j], scale.offsets[j]).store(out);
                    }
                }
            },
        );
    }

    #[inline(always)]
    fn multiply_row<S: Simd, const NR: usize, const NV: usize, const NB: usize, const NP: usize>(
        self,
        simd: S,
        a: &[f32],
        steps: Steps,
        panel: usize,
        out: &mut [f32],
    ) {
        assert!(NV * S::F32::LANES == NR && 2 * NB == NR, "vectors that do not make a panel");
        let mut sums = [[simd.splat(0.0_f32); NV]; NP];
        self.each_group(
            steps,
            #[inline(always)]
            |group, part| {
                let mut scales = [Scale::<S::F32, NV>::new(simd); NP];
                for (p, scale) in scales.iter_mut().enumerate() {
                    *scale = self.scale::<S, NR, NV>(simd, panel + p, group);
                }
                lockstep(
                    &a[part.first..][..part.count],
                    part.of_each::<_, NP>(self.bytes.as_chunks::<NB>().0, panel),
                    #[inline(always)]
                    |a, groups| {
                        let a = simd.splat(*a);
                        for p in 0..NP {
                            let numbers = numbers::<S, NV>(simd, &groups[p]);
                            for j in 0..NV {
                                let b = numbers[j].mul_add(scales[p].scales[j], scales[p].offsets[j]);
                                sums[p][j] = a.mul_add(b, sums[p][j]);
                            }
                        }
                    },
                );
            },
        );
        for (p, sums) in sums.iter().enumerate() {
            write(simd, sums, &mut out[p * NR..][..NR], steps.first > 0);
        }
    }
}

impl Encoding for Int4<'_> {
    #[inline(always)]
    fn decode<S: Simd, const NR: usize, const NV: usize>(
        self,
        simd: S,
        steps: Steps,
        panel: usize,
        out: &mut [[f32; NR]],
    ) {
        simd.vectorize(
            #[inline(always)]
            || match NR {
                16 => self.decode_panel::<S, NR, NV, 8>(simd, steps, panel, out),
                _ => self.decode_panel::<S, NR, NV, 4>(simd, steps, panel, out),
            },
        );
    }

    #[inline(always)]
    fn row<S: Simd, const NR: usize, const NV: usize, const NP: usize>(
        self,
        simd: S,
        a: &[f32],
        panel: usize,
        out: &mut [f32],
    ) {
        for steps in Steps::all(a.len()) {
            simd.vectorize(
                #[inline(always)]
                || match NR {
                    16 => self.multiply_row::<S, NR, NV, 8, NP>(simd, a, steps, panel, out),
                    _ => self.multiply_row::<S, NR, NV, 4, NP>(simd, a, steps, panel, out),
                },
            );
        }
    }
}

/// The numbers in some bytes, two for each: those of `NV` vectors.
#[inline(always)]
fn numbers<S: Simd, const NV: usize>(simd: S, bytes: &[u8]) -> [S::F32; NV] {
    let mut numbers = [simd.splat(0.0_f32); NV];
    for (pair, bytes) in numbers.chunks_exact_mut(2).zip(bytes.chunks_exact(S::F32::LANES)) {
        let [low, high] = simd.load_u4(bytes);
        pair[0] = low;
        pair[1] = high;
    }
    numbers
}
