//! Ours, as a user calls it.

use super::{Texts, Vectors};
use crate::kernel::{Form, Outcome};
use crate::work::{allocating, trying};
use bench_contest::serve::Case;
use kernels_pool::{
    Pooler, Pooling, Ranges, Tokens, cosine, cosine_into_on, dot, dot_int8, dot_int8_into_on, dot_into_on,
    hamming, hamming_into_on, l2_normalize, l2_normalize_into_on, quantize_int8, quantize_int8_into_on,
    quantize_ubinary, quantize_ubinary_into_on,
};

/// Work of a function of one line, or of that which is given an instruction set and where to write.
macro_rules! work {
    ($form:expr, $n:expr, $allocate:ident, $into_on:ident, $($argument:expr),+) => {{
        let isa = $form.isa()?;
        match $form {
            Form::Allocating => allocating(move || $allocate($($argument),+)),
            Form::Into | Form::Scalar => trying($n, move |out| $into_on(isa, $($argument),+, out)),
        }?
    }};
}

pub(super) fn prepare(form: Form, case: &Case) -> Outcome<'_> {
    let n = case.outputs();
    let floats = || Ok::<_, anyhow::Error>((case.f32("query")?, case.f32("rows")?));
    Ok(Some(match case.operation() {
        "mean_pool" => {
            let Texts { tokens, mask, shape: [batch, seq, dim] } = Texts::of(case)?;
            let pooler = Pooler::new(Pooling::Mean).normalized().on(form.isa()?);
            let tokens = move || Tokens::masked(tokens, mask, batch, seq, dim);
            match form {
                Form::Allocating => allocating(move || pooler.pool(tokens()?))?,
                Form::Into | Form::Scalar => {
                    trying(n, move |out| pooler.pool_into(tokens()?, out).map(drop))?
                }
            }
        }
        "l2_normalize" => {
            let (x, [_, dim]) = (case.f32("x")?, case.shape("x")?);
            work!(form, n, l2_normalize, l2_normalize_into_on, x, dim)
        }
        "quantize_int8" => {
            let Vectors { x, min, max } = Vectors::of(case)?;
            let (ranges, dim) = (Ranges::new(min, max)?, min.len());
            work!(form, n, quantize_int8, quantize_int8_into_on, x, dim, &ranges)
        }
        "quantize_ubinary" => {
            let (x, [_, dim]) = (case.f32("x")?, case.shape("x")?);
            work!(form, n, quantize_ubinary, quantize_ubinary_into_on, x, dim)
        }
        "dot" => {
            let (query, rows) = floats()?;
            work!(form, n, dot, dot_into_on, query, rows)
        }
        "cosine" => {
            let (query, rows) = floats()?;
            work!(form, n, cosine, cosine_into_on, query, rows)
        }
        "dot_int8" => {
            let (query, rows) = (case.i8("query")?, case.i8("rows")?);
            work!(form, n, dot_int8, dot_int8_into_on, query, rows)
        }
        "hamming" => {
            let (query, rows) = (case.u8("query")?, case.u8("rows")?);
            work!(form, n, hamming, hamming_into_on, query, rows)
        }
        _ => return Ok(None),
    }))
}
