//! `cargo hub-bench`: what needs more than one bench binary, or more than one build.

fn main() -> std::process::ExitCode {
    bench_sdk::__private::cargo_hub_bench()
}
