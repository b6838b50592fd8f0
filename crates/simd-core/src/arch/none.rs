//! A platform with no instruction set beyond the scalar one.

use crate::{Isa, Kernel};

pub(crate) fn is_available(_: Isa) -> bool {
    false
}

pub(crate) fn run<K: Kernel>(_: Isa, kernel: K) -> Result<K::Output, K> {
    Err(kernel)
}
