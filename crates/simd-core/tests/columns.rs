//! Products of bytes for several columns, on every instruction set.

use kernels_testing::{Random, each_isa};
use simd_core::{ColumnSums, Kernel, Simd, Vector, dispatch_on};

/// What the sums of some steps are, in integers and as floats, and whether the instruction set was asked for what it can.
struct Steps<'a> {
    /// Values of a row, and of each column of [`simd_core::MAX_LANES`].
    row: &'a [u8],
    columns: &'a [Vec<i8>],
    narrow: bool,
}

impl Kernel for Steps<'_> {
    type Output = (Vec<i32>, Vec<f32>);

    fn run<S: Simd>(self, simd: S) -> Self::Output {
        if self.narrow { self.sums::<S, S::NarrowSums>(simd) } else { self.sums::<S, S::Sums>(simd) }
    }
}

impl Steps<'_> {
    fn sums<S: Simd, T: ColumnSums<Simd = S>>(self, simd: S) -> (Vec<i32>, Vec<f32>) {
        let Self { row, columns, .. } = self;
        let lanes = S::F32::LANES;
        assert_eq!(T::BYTES, lanes * T::STEP);
        let mut sums = T::splat(simd, 0);
        let (mut of_row, mut of_columns) = (0, vec![0; lanes]);
        for at in (0..row.len()).step_by(T::STEP) {
            let values = &row[at..row.len().min(at + T::STEP)];
            let mut bytes = vec![0; T::BYTES];
            for (column, bytes) in columns.iter().zip(bytes.chunks_exact_mut(T::STEP)) {
                for (byte, value) in bytes.iter_mut().zip(&column[at..]) {
                    *byte = value.wrapping_add(T::COLUMN_OFFSET);
                }
            }
            of_row += values.iter().map(|x| i32::from(*x) - i32::from(T::ROW_OFFSET)).sum::<i32>();
            for (sum, column) in of_columns.iter_mut().zip(columns) {
                *sum += column[at..].iter().take(T::STEP).map(|x| i32::from(*x)).sum::<i32>();
            }
            sums = sums.add_products(T::pack(values), T::columns(simd, &bytes));
        }
        // What the shifts added: by all three operators.
        let sums = sums - T::splat(simd, i32::from(T::COLUMN_OFFSET) * of_row)
            + T::splat(simd, i32::from(T::ROW_OFFSET)) * T::load(simd, &of_columns);
        let mut out = vec![0; lanes];
        sums.store(&mut out);
        (out, sums.to_f32().to_array().as_ref().to_vec())
    }
}

fn check(row: &[u8], columns: &[Vec<i8>], narrow: bool) {
    let want: Vec<i32> = columns
        .iter()
        .map(|column| row.iter().zip(column).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum())
        .collect();
    each_isa("column sums", |isa| {
        let (got, floats) = dispatch_on(isa, Steps { row, columns, narrow }).unwrap();
        assert_eq!(got, want[..got.len()], "{isa}, {} values, narrow: {narrow}", row.len());
        let want: Vec<f32> = want[..got.len()].iter().map(|sum| *sum as f32).collect();
        assert_eq!(floats, want, "{isa} as floats");
    });
}

#[test]
fn sums_are_exact() {
    let mut random = Random::new(5);
    for len in [1, 2, 3, 4, 5, 16, 63] {
        let row: Vec<u8> = random.uniform(len).iter().map(|x: &f32| (x.abs() * 255.0) as u8).collect();
        for (narrow, most) in [(false, 127.0), (true, 63.0)] {
            let columns: Vec<Vec<i8>> = (0..simd_core::MAX_LANES)
                .map(|_| random.uniform(len).iter().map(|x: &f32| (x * most) as i8).collect())
                .collect();
            check(&row, &columns, narrow);
        }
    }
}

#[test]
fn the_largest_products_saturate_nowhere() {
    for (narrow, ends) in [(false, [-128, 127]), (true, [-64, 63])] {
        for value in ends {
            check(&[255; 64], &vec![vec![value; 64]; simd_core::MAX_LANES], narrow);
            check(&[0; 64], &vec![vec![value; 64]; simd_core::MAX_LANES], narrow);
        }
    }
}
