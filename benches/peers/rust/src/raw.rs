//! Ours over pointers, of those kernels that have such functions. They check what can be checked of a pointer, and then do what
//! the others do: what safety costs is the difference.

use crate::indicators::Bars;
use crate::kernel::Outcome;
use crate::maxsim::Input;
use crate::pool::Texts;
use crate::work::trying;
use anyhow::ensure;
use bench_contest::serve::Case;
use kernels_indicators::smma_raw;
use kernels_maxsim::{PackedQuery, maxsim_batch_raw};
use kernels_nn::{Activation, activation_raw};
use kernels_pool::{Pooler, Pooling, l2_normalize_raw, pool_raw};

pub(crate) const NAME: &str = "kernels, pointers";

pub(crate) fn prepare(case: &Case) -> Outcome<'_> {
    let activation = match case.operation() {
        "maxsim" => return maxsim(case),
        "smma" => return smma(case),
        "mean_pool" => return mean_pool(case),
        "l2_normalize" => return l2_normalize(case),
        "relu" => Activation::Relu,
        "exp" => Activation::Exp,
        "tanh" => Activation::Tanh,
        "sigmoid" => Activation::Sigmoid,
        "gelu" => Activation::Gelu,
        "gelu_tanh" => Activation::GeluTanh,
        _ => return Ok(None),
    };
    let x = case.f32("x")?;
    trying(x.len(), move |out| {
        // SAFETY: slices are alive and as long as they say, and the one that is written to is nobody else's.
        unsafe { activation_raw(activation, x.as_ptr(), out.as_mut_ptr(), out.len()) }
    })
    .map(Some)
}

fn maxsim(case: &Case) -> Outcome<'_> {
    let Some(Input { query, docs, doc_lens, dim }) = Input::of(case)? else { return Ok(None) };
    let query = PackedQuery::new(query, dim)?;
    trying(doc_lens.len(), move |scores| {
        let (lens, out) = (doc_lens.as_ptr(), scores.as_mut_ptr());
        // SAFETY: as in `prepare`; there are as many scores as documents.
        unsafe { maxsim_batch_raw(&query, docs.as_ptr(), docs.len(), lens, doc_lens.len(), out) }
    })
    .map(Some)
}

fn smma(case: &Case) -> Outcome<'_> {
    let Some((Bars { close, .. }, settings)) = Bars::of(case)? else { return Ok(None) };
    trying(close.len(), move |out| {
        // SAFETY: as in `prepare`; there are as many outputs as bars.
        unsafe { smma_raw(close.as_ptr(), out.as_mut_ptr(), close.len(), settings.period) }
    })
    .map(Some)
}

fn mean_pool(case: &Case) -> Outcome<'_> {
    let Texts { tokens, mask, shape: [batch, seq, dim] } = Texts::of(case)?;
    let pooler = Pooler::new(Pooling::Mean).normalized();
    ensure!(
        mask.len() == batch * seq && case.outputs() == batch * dim,
        "arrays are not as long as the texts"
    );
    trying(case.outputs(), move |out| {
        let (x, mask, out) = (tokens.as_ptr(), mask.as_ptr(), out.as_mut_ptr());
        // SAFETY: as in `prepare`; the arrays are as long as the texts, as was just found.
        unsafe { pool_raw(&pooler, x, mask, batch, seq, dim, out) }.map(drop)
    })
    .map(Some)
}

fn l2_normalize(case: &Case) -> Outcome<'_> {
    let (x, [_, dim]) = (case.f32("x")?, case.shape("x")?);
    trying(x.len(), move |out| {
        // SAFETY: as in `prepare`.
        unsafe { l2_normalize_raw(x.as_ptr(), out.as_mut_ptr(), out.len(), dim) }
    })
    .map(Some)
}
