//! Names of the field: distinguished names as trust lists write them, devices and their files, names in running text.

pub mod device;
pub mod dn;
pub mod tokens;
