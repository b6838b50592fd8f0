//! How indicators are computed: recursions by scans, windows by sums that never subtract, and weights.

pub(crate) mod average;
pub(crate) mod chain;
pub(crate) mod lanes;
pub(crate) mod recursive;
pub(crate) mod scan;
pub(crate) mod side_by_side;
pub(crate) mod weights;
pub(crate) mod window;
