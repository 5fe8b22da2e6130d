//! Names of the field: distinguished names as trust lists write them, devices and their files.

pub mod device;
pub mod dn;
