#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tlvet_fuzz::listing(data));
