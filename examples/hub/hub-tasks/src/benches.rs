//! Benchmarks of methods, and of what is too large to be measured every time.

use std::hint::black_box;

use bench_sdk::{Bencher, BytesCount, hub_bench};

use crate::ingest::ingest;
use crate::queue::TaskQueue;
use crate::sample;
use crate::scheduler::{ScheduleError, Scheduler};
use crate::task::{Task, TaskKind};

/// One task into a queue in which others wait, and the most urgent one out.
#[hub_bench(args = [16, 256, 4096])]
fn push_and_pop(b: Bencher, waiting: usize) {
    let mut queue = TaskQueue::new();
    queue.extend(sample::independent_tasks(waiting));
    let mut next = Some(Task::new(0, TaskKind::Index, "text").priority(5));
    b.bench_local(|| {
        if let Some(task) = next.take() {
            queue.push(black_box(task));
        }
        next = queue.pop();
    });
}

/// Noticing the end of a task that 64 others wait for.
#[hub_bench(items_count = 64)]
fn release(b: Bencher) {
    let first = Task::new(0, TaskKind::Index, "text");
    let others = (1..=64).map(|id| Task::new(id, TaskKind::Index, "text").after(&[0]));
    let scheduler = Scheduler::new(std::iter::once(first.clone()).chain(others).collect());
    let started = || {
        let mut scheduler = scheduler.clone();
        if let Ok(scheduler) = &mut scheduler {
            scheduler.start();
        }
        scheduler
    };
    b.with_inputs(started).bench_refs(|scheduler| match scheduler {
        Ok(scheduler) => scheduler.finish(first.id),
        Err(error) => Err(*error),
    });
}

/// What it costs to refuse a plan: here the error is the expected result.
#[hub_bench(inputs = chain_biting_its_tail(64), allow_err)]
fn refuse_a_cycle(tasks: Vec<Task>) -> Result<Scheduler, ScheduleError> {
    Scheduler::new(tasks)
}

#[bench_sdk::bench_only]
fn chain_biting_its_tail(links: u32) -> Vec<Task> {
    let link = |id| Task::new(id, TaskKind::Index, "text").after(&[(id + 1) % links]);
    (0..links).map(link).collect()
}

/// Files of several sizes, read at so many bytes a second.
#[hub_bench(args = [10, 100])]
fn ingest_bytes(b: Bencher, lines: usize) {
    b.with_inputs(|| sample::job_file(lines))
        .input_counter(BytesCount::of_str)
        .bench_refs(|file| ingest(file));
}

#[hub_bench(ignore = "reads a megabyte; run it with --ignored")]
fn ingest_megabyte(b: Bencher) {
    let file = sample::job_file(8000);
    b.counter(BytesCount::of_str(&file)).bench(|| ingest(black_box(&file)));
}
