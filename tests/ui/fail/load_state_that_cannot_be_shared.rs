use bench_sdk::hub_bench;

#[hub_bench(setup = || std::rc::Rc::new(1), load())]
async fn f(number: &std::rc::Rc<u8>) {}

fn main() {}
