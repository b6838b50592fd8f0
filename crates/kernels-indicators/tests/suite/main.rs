//! The tests of the indicators: one program, since nearly all go through one table of them, which takes
//! long to compile.

mod cases;
mod contract;
mod data;
mod exactness;
mod forced_isa;
mod functions;
mod gaps;
mod goldens;
mod parallel;
mod properties;
mod raw;
mod reference;
mod rows;
mod spikes;
mod streams;
mod ta_lib;
