//! Launches of both sides of a comparison, in turns.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::callgrind::Scratch;
use super::child::{Child, Heard, MAX_OFFSET, PADDING_VARIABLE, secret};
use super::pair_protocol::{PAIR_VARIABLE, PairHello, PairOrder, Said};
use super::parent::CALLGRIND_SLOWDOWN;
use super::protocol::send;
use crate::bencher::{BatchPlan, BatchSize, Broken, Pace, Paced};
use crate::clock::{Stopwatch, TimerSpec};
use crate::record::Side;
use crate::resource::{FreshCopy, Image, allowed_processors, interrupted, stay_on};
use crate::stats::Rng;

/// Iteration counts vary by this share, so that they cannot lock to a periodic disturbance.
const JITTER: f64 = 0.2;

/// How one side is started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Executable {
    pub(crate) path: PathBuf,
    /// The folder to start it in; that of this process if not given.
    pub(crate) working_dir: Option<PathBuf>,
    /// Variables that differ from those of this process.
    pub(crate) variables: Vec<(OsString, OsString)>,
}

/// How the launches of a case are run; the same on both sides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PairPlan {
    pub(crate) batch: BatchPlan,
    /// Blocks of four batches each.
    pub(crate) blocks: u32,
    /// Batches before the first block, on each side.
    pub(crate) warm_up: u32,
    /// Whether both sides stay on one processor.
    pub(crate) pinned: bool,
    /// How many iterations to time one by one, where that is wanted.
    pub(crate) latencies: Option<u64>,
    /// Whether blocks that were disturbed are left out.
    pub(crate) voids: bool,
    /// Deadline of a batch, and of setting up.
    pub(crate) timeout: Duration,
}

/// Times of two batches of each side, run in turns; in nanoseconds an iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Block {
    pub(crate) baseline_ns: [f64; 2],
    pub(crate) candidate_ns: [f64; 2],
}

/// What one launch of both sides gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PairLaunch {
    /// Blocks of which no batch was disturbed, or all of them.
    pub(crate) blocks: Vec<Block>,
    /// Batches that were disturbed: of the baseline, of the candidate.
    pub(crate) voided: [u32; 2],
    /// 99th percentiles of latency, in nanoseconds: of the baseline, of the candidate.
    pub(crate) p99_ns: Option<[f64; 2]>,
    /// Time before the first block and behind the last one, in nanoseconds.
    pub(crate) surroundings_ns: f64,
    /// Time of all blocks, in nanoseconds.
    pub(crate) blocks_ns: f64,
}

/// What a launch of one side by itself found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scouted {
    pub(crate) size: BatchSize,
    /// Figures of other resources by the names of metrics.
    pub(crate) figures: Vec<(String, f64)>,
}

/// Why there is no launch.
#[derive(Debug)]
pub(crate) enum PairError {
    /// One side broke.
    Broken(Side, Broken),
    /// One side could not be started.
    Start(Side, io::Error),
    /// The user asked to stop.
    Interrupted,
}

/// Starts both sides and has them run in turns.
pub(crate) struct PairLauncher {
    timer: TimerSpec,
    rng: Rng,
    processors: Vec<u32>,
    /// Whether what benchmarks print is passed through instead of kept.
    pass_output: bool,
    /// Where copies of executables lie, and where Callgrind may write.
    scratch: PathBuf,
    /// What is loaded of each executable, by its path.
    images: BTreeMap<PathBuf, Image>,
    copies: u64,
}

impl PairLauncher {
    /// `scratch` is a folder from which programs can be started.
    pub(crate) fn new(timer: TimerSpec, seed: u64, pass_output: bool, scratch: PathBuf) -> Self {
        let processors = allowed_processors();
        let (images, copies) = (BTreeMap::new(), 0);
        Self { timer, rng: Rng::new(seed), processors, pass_output, scratch, images, copies }
    }

    /// Has one side find the size of its batches and what an iteration uses, in a process that is
    /// not compared: finding it in one that is would leave that one in another state.
    pub(crate) fn scout(
        &mut self,
        id: &str,
        executable: &Executable,
        side: Side,
        timeout: Duration,
    ) -> Result<Scouted, PairError> {
        let mut player = self.start(id, executable, side, (true, None), timeout)?;
        let Paced::Sized(found) = player.ask(&Pace::Size, timeout)? else {
            return Err(player.out_of_order());
        };
        let Paced::Resources(figures) = player.ask(&Pace::Resources(found.plan), timeout)? else {
            return Err(player.out_of_order());
        };
        player.child.dismiss();
        Ok(Scouted { size: found, figures })
    }

    /// Has Callgrind count the instructions of an iteration on one side; the figures by the names of
    /// metrics.
    pub(crate) fn instructions(
        &mut self,
        id: &str,
        executable: &Executable,
        side: Side,
        timeout: Duration,
    ) -> Result<Vec<(String, f64)>, PairError> {
        let failed = |error: io::Error| PairError::Start(side, error);
        let scratch = Scratch::new(&self.scratch, secret).map_err(failed)?;
        let wrapped = scratch.command(&executable.path).map_err(failed)?;
        let prefix = scratch.prefix().map_err(failed)?;
        let timeout = timeout.saturating_mul(CALLGRIND_SLOWDOWN);
        // Where memory lies changes a count a little, and it should be the same each time.
        let start = Start { scouts: true, offsets: (0, 0), processor: None, timeout };
        let mut player = self.start_with(wrapped, id, executable, side, start)?;
        match player.ask(&Pace::Instructions(prefix), timeout)? {
            Paced::Resources(figures) => {
                player.child.dismiss();
                Ok(figures)
            }
            _ => Err(player.out_of_order()),
        }
    }

    /// Runs one launch of both sides. Every order between them is drawn by lot: whatever is not the
    /// same for both becomes a difference that is not there.
    pub(crate) fn launch(
        &mut self,
        id: &str,
        executables: [&Executable; 2],
        plan: &PairPlan,
    ) -> Result<PairLaunch, PairError> {
        let drawn = self.rng.below(self.processors.len() as u64) as usize;
        let processor = self.processors.get(drawn).copied().filter(|_| plan.pinned);
        // This thread waits while they work. On the same processor it hands a turn over without
        // another one having to wake, which on a virtual machine takes as long as a batch.
        let moved = processor.is_some_and(|processor| stay_on(&[processor]).is_ok());
        let launch = self.turns(id, executables, processor, plan);
        if moved {
            // Where it may not go back, it is no worse off than before.
            let _ = stay_on(&self.processors);
        }
        launch
    }

    /// A launch of both sides on that processor.
    fn turns(
        &mut self,
        id: &str,
        executables: [&Executable; 2],
        processor: Option<u32>,
        plan: &PairPlan,
    ) -> Result<PairLaunch, PairError> {
        let watch = Stopwatch::start();
        let mut players = self.start_both(id, executables, processor, plan)?;
        for side in self.order() {
            for _ in 0..plan.warm_up {
                players[side].batch(plan.batch, plan.timeout)?;
            }
        }
        let mut launch = PairLaunch::default();
        let started_ns = watch.elapsed_ns();
        for _ in 0..plan.blocks {
            self.block(&mut players, plan, &mut launch)?;
        }
        launch.blocks_ns = watch.elapsed_ns() - started_ns;
        if let Some(iterations) = plan.latencies {
            launch.p99_ns = Some(self.latencies(&mut players, plan, iterations)?);
        }
        let [baseline, candidate] = &mut players;
        baseline.child.hang_up();
        candidate.child.hang_up();
        baseline.child.dismiss();
        candidate.child.dismiss();
        launch.surroundings_ns = watch.elapsed_ns() - launch.blocks_ns;
        Ok(launch)
    }

    /// The indices of both sides in an order drawn by lot.
    fn order(&mut self) -> [usize; 2] {
        if self.rng.below(2) == 0 { [0, 1] } else { [1, 0] }
    }

    fn start_both(
        &mut self,
        id: &str,
        executables: [&Executable; 2],
        processor: Option<u32>,
        plan: &PairPlan,
    ) -> Result<[Player; 2], PairError> {
        let [first, second] = self.order();
        let mut start = |side: usize| {
            self.start(id, executables[side], SIDES[side], (false, processor), plan.timeout)
        };
        let (one, other) = (start(first)?, start(second)?);
        Ok(if first == 0 { [one, other] } else { [other, one] })
    }

    fn start(
        &mut self,
        id: &str,
        executable: &Executable,
        side: Side,
        (scouts, processor): (bool, Option<u32>),
        timeout: Duration,
    ) -> Result<Player, PairError> {
        // The paths of both executables lie on their stacks: each side draws a place of its own, so
        // that the length of a path decides nothing.
        let offsets = (self.rng.below(MAX_OFFSET), self.rng.below(MAX_OFFSET));
        let start = Start { scouts, offsets, processor, timeout };
        let copy = self.copy(executable).map_err(|error| PairError::Start(side, error))?;
        let mut player = self.start_with(Command::new(copy.path()), id, executable, side, start)?;
        player.copy = Some(copy);
        Ok(player)
    }

    /// A fresh copy of the executable. Which pages of memory a file lies in, and how they lie
    /// together, makes some code faster or slower by several per cent for as long as it stays in
    /// the page cache. Two files that are the same would differ by that in every launch; two fresh
    /// copies differ by something else each time.
    fn copy(&mut self, executable: &Executable) -> io::Result<FreshCopy> {
        if !self.images.contains_key(&executable.path) {
            let image = Image::read(&executable.path)?;
            self.images.insert(executable.path.clone(), image);
        }
        self.copies += 1;
        let name = format!("copy-{}-{}", std::process::id(), self.copies);
        match self.images.get(&executable.path) {
            Some(image) => image.copy_to(self.scratch.join(name)),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn start_with(
        &mut self,
        mut command: Command,
        id: &str,
        executable: &Executable,
        side: Side,
        start: Start,
    ) -> Result<Player, PairError> {
        if interrupted() {
            return Err(PairError::Interrupted);
        }
        let (padding, stack_offset) = start.offsets;
        command
            .env(PAIR_VARIABLE, "1")
            .env(PADDING_VARIABLE, "x".repeat(padding as usize))
            .envs(executable.variables.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &executable.working_dir {
            command.current_dir(folder);
        }
        let (timer, stack_offset) = (self.timer, stack_offset as u32);
        let hello = PairHello { timer, stack_offset, processor: start.processor };
        let spawned = Child::spawn(command, id, self.pass_output).and_then(|mut child| {
            child.greet(&hello)?;
            Ok(child)
        });
        let child = spawned.map_err(|error| match error.kind() {
            ErrorKind::Interrupted => PairError::Interrupted,
            _ => PairError::Start(side, error),
        })?;
        let mut player = Player { child, side, token: secret(), copy: None };
        let (token, seed) = (player.token, self.rng.next_u64());
        let order = PairOrder { token, id: id.to_owned(), seed, scouts: start.scouts };
        if let Err(error) = send(&player.child.channel, &order) {
            return Err(PairError::Start(side, error));
        }
        match player.hear(start.timeout)? {
            Paced::Started => Ok(player),
            _ => Err(player.out_of_order()),
        }
    }

    /// Four batches, ABBA or BAAB, all of the same number of iterations.
    fn block(
        &mut self,
        players: &mut [Player; 2],
        plan: &PairPlan,
        launch: &mut PairLaunch,
    ) -> Result<(), PairError> {
        let room = (plan.batch.iterations as f64 * JITTER) as u64;
        let iterations = plan.batch.iterations + self.rng.below(room + 1);
        let batch = BatchPlan { iterations, ..plan.batch };
        let [outer, inner] = self.order();
        let mut times_ns = [[0.0; 2]; 2];
        let mut clean = true;
        for (side, turn) in [(outer, 0), (inner, 0), (inner, 1), (outer, 1)] {
            let (elapsed_ns, voided) = players[side].batch(batch, plan.timeout)?;
            times_ns[side][turn] = elapsed_ns / iterations as f64;
            launch.voided[side] += u32::from(voided);
            clean &= !voided;
        }
        // A block that was disturbed is dropped whole: dropping one side's batch would not be the
        // same for both.
        if clean || !plan.voids {
            let [baseline_ns, candidate_ns] = times_ns;
            launch.blocks.push(Block { baseline_ns, candidate_ns });
        }
        Ok(())
    }

    fn latencies(
        &mut self,
        players: &mut [Player; 2],
        plan: &PairPlan,
        iterations: u64,
    ) -> Result<[f64; 2], PairError> {
        let mut found_ns = [0.0; 2];
        for side in self.order() {
            let pace = Pace::Latencies(BatchPlan { iterations, ..plan.batch });
            let Paced::Latencies { p99_ns } = players[side].ask(&pace, plan.timeout)? else {
                return Err(players[side].out_of_order());
            };
            found_ns[side] = p99_ns;
        }
        Ok(found_ns)
    }
}

/// How a process is started.
#[derive(Clone, Copy)]
struct Start {
    /// Whether it finds sizes and resources.
    scouts: bool,
    /// Padding of its environment and shift of its stack, in bytes.
    offsets: (u64, u64),
    processor: Option<u32>,
    timeout: Duration,
}

/// Both sides by their index.
const SIDES: [Side; 2] = [Side::Baseline, Side::Candidate];

/// One side while it runs.
struct Player {
    child: Child,
    side: Side,
    token: u64,
    /// What it runs, removed when it has ended.
    copy: Option<FreshCopy>,
}

impl Player {
    /// Has a batch run; its time in nanoseconds, and whether it was disturbed.
    fn batch(&mut self, plan: BatchPlan, limit: Duration) -> Result<(f64, bool), PairError> {
        match self.ask(&Pace::Batch(plan), limit)? {
            Paced::Batch { elapsed_ns, voided } => Ok((elapsed_ns, voided)),
            _ => Err(self.out_of_order()),
        }
    }

    fn ask(&mut self, pace: &Pace, limit: Duration) -> Result<Paced, PairError> {
        // A worker that is gone is found out by listening.
        let _ = send(&self.child.channel, pace);
        self.hear(limit)
    }

    fn hear(&mut self, limit: Duration) -> Result<Paced, PairError> {
        let broken = match self.child.receive::<Said>(limit) {
            Ok(Heard::Message(said)) if said.token == self.token => match said.done {
                Ok(paced) => return Ok(paced),
                Err(broken) => broken,
            },
            Ok(Heard::Message(_) | Heard::Forged) => return Err(self.out_of_order()),
            Ok(Heard::Interrupted) => return Err(PairError::Interrupted),
            Ok(Heard::Deadline) => {
                let output = self.child.kill();
                let message = format!("no result within {limit:?}; the process was ended");
                Broken::TimedOut { message, output }
            }
            Ok(Heard::Closed) | Err(_) => self.child.autopsy(),
        };
        Err(PairError::Broken(self.side, broken))
    }

    /// The outcome where something was said that nobody asked for.
    fn out_of_order(&mut self) -> PairError {
        let output = self.child.kill();
        let message = "it wrote into the channel between its process and the parent".to_owned();
        PairError::Broken(self.side, Broken::Died { message, output })
    }
}
