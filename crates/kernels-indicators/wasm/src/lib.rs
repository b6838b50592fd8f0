//! kernels-indicators for JavaScript: the functions of the crate under their names in camelCase, over typed arrays and
//! buffers, and its streams as classes.
//!
//! | module | what |
//! |---|---|
//! | [`all`] | every indicator: its name, inputs, parameters, outputs |
//! | `define` | what is made of each of them |
//! | `indicator` | what is known of an indicator when the program runs |
//! | `call` | a call of any indicator in any form: from arguments to results |
//! | `settings` | its parameters |
//! | `stream` | bar by bar |
//! | `work` | the memory into which arrays are copied |
#![deny(unsafe_code)]

pub mod all;
mod call;
mod define;
mod indicator;
mod settings;
mod stream;
mod work;
