//! Names of the field: distinguished names as trust lists write them, devices and their files, the paths of MRA clients,
//! names in running text.

pub mod device;
pub mod dn;
pub mod misread;
pub mod mra_path;
pub mod tokens;
