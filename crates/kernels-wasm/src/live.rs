//! The buffers that there are, to be found again by the address of a view.

use crate::buffer::Shared;
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static BUFFERS: RefCell<Vec<Shared<f64>>> = const { RefCell::new(Vec::new()) };
}

/// Notes a new buffer. Without memory for that, it is never found, and copied like any other array.
pub(crate) fn enter(values: &Shared<f64>) {
    BUFFERS.with_borrow_mut(|buffers| {
        if buffers.try_reserve(1).is_ok() {
            buffers.push(Rc::clone(values));
        }
    });
}

/// Forgets one.
pub(crate) fn leave(values: &Shared<f64>) {
    BUFFERS.with_borrow_mut(|buffers| {
        if let Some(i) = buffers.iter().position(|other| Rc::ptr_eq(other, values)) {
            buffers.swap_remove(i);
        }
    });
}

/// The buffer in which `len` numbers lie from an address on, and the place of the first.
pub(crate) fn find(address: usize, len: usize) -> Option<(Shared<f64>, usize)> {
    BUFFERS.with_borrow(|buffers| {
        buffers.iter().find_map(|buffer| {
            let values = buffer.try_borrow().ok()?;
            let bytes = address.checked_sub(values.as_ptr().addr())?;
            let start = bytes / size_of::<f64>();
            let is_in_it = bytes % size_of::<f64>() == 0 && len <= values.len().checked_sub(start)?;
            is_in_it.then(|| (Rc::clone(buffer), start))
        })
    })
}
