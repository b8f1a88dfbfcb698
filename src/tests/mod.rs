//! Proofs that need the inside of the crate: they take barriers down, which nothing outside can.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod injectivity;
mod length_extension;
mod xml_oracle;
