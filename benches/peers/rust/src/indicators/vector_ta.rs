//! [vector-ta](https://crates.io/crates/vector-ta): its vectors are for nightly compilers; by others it is compiled to plain loops.

use super::bars::Bars;
use crate::kernel::Outcome;
use crate::work::trying;
use bench_contest::serve::Case;
use vector_ta::indicators::moving_averages::alma::{AlmaInput, AlmaParams, alma_into};
use vector_ta::indicators::moving_averages::smma::{SmmaInput, SmmaParams, smma_into};

pub(super) fn prepare(case: &Case) -> Outcome<'_> {
    let Some((bars, settings)) = Bars::of(case)? else { return Ok(None) };
    let (close, period) = (bars.close, Some(settings.period));
    Ok(Some(match case.operation() {
        "smma" => {
            let input = SmmaInput::from_slice(close, SmmaParams { period });
            trying(close.len(), move |out| smma_into(&input, out))?
        }
        "alma" => {
            let [offset, sigma] = settings.alma()?.map(Some);
            let input = AlmaInput::from_slice(close, AlmaParams { period, offset, sigma });
            trying(close.len(), move |out| alma_into(&input, out))?
        }
        _ => return Ok(None),
    }))
}
