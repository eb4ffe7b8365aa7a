#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parvis_ingest::fuzzing::pbf(bytes));
