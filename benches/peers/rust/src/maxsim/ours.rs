//! Ours: the query is packed once, but by the function of one line, which packs it each time.

use super::Input;
use crate::kernel::{Form, Outcome};
use crate::work::{allocating, trying};
use bench_contest::serve::Case;
use kernels_maxsim::{Docs, PackedQuery, maxsim_batch, maxsim_batch_into};

pub(super) fn prepare(form: Form, case: &Case) -> Outcome<'_> {
    let Some(Input { query, docs, doc_lens, dim }) = Input::of(case)? else { return Ok(None) };
    Ok(Some(match form {
        Form::Allocating => allocating(move || maxsim_batch(query, docs, &doc_lens, dim))?,
        Form::Into | Form::Scalar => {
            let query = PackedQuery::on(form.isa()?, query, dim)?;
            trying(doc_lens.len(), move |scores| {
                maxsim_batch_into(&query, Docs::new(docs, &doc_lens, dim)?, scores)
            })?
        }
    }))
}
