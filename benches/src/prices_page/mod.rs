//! Every indicator over the prices of a real market: values, times, charts, and the page that shows them.

mod chart;
mod dates;
mod indicators;
mod number;
mod page;
mod panels;
mod report;
mod series;
mod thin;

pub use dates::Date;
pub use indicators::{INDICATORS, Indicator, Panel};
pub use number::grouped;
pub use report::{Computed, Report};
pub use series::Series;
