//! What the function of a load bench knows of the virtual user that calls it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::load::{Recorder, Seat, TagSet, Turn};
use crate::record::load::{MetricKind, MetricUnit, Tags};
use crate::stats::Rng;

/// The virtual user that runs an iteration of a load bench, and where the iteration records.
///
/// It lives on one thread, together with many others, from before its first iteration until the
/// load test needs it no more. Clones are the same virtual user.
///
/// ```
/// use std::time::Duration;
///
/// use bench_sdk::{Vu, hub_bench};
///
/// #[hub_bench(load(vus = 50, duration = "30s", thresholds = ["checks: rate > 0.99"]))]
/// async fn browse(vu: Vu) -> Result<(), std::io::Error> {
///     let agents = vu.request("list_agents", list_agents()).await?;
///     vu.check("there are agents", !agents.is_empty());
///     vu.sleep(Duration::from_millis(100)).await;
///     Ok(())
/// }
///
/// async fn list_agents() -> Result<Vec<String>, std::io::Error> {
///     Ok(vec!["planner".to_owned()])
/// }
/// # fn main() {}
/// ```
#[derive(Clone)]
pub struct Vu(Rc<Inner>);

struct Inner {
    id: u64,
    scenario: String,
    env: Rc<Tags>,
    turn: Cell<Turn>,
    recorder: RefCell<Recorder>,
    rng: RefCell<Rng>,
    /// Tags of requests by their name, of those that failed and of those that did not.
    requests: RefCell<[HashMap<String, TagSet>; 2]>,
}

impl Vu {
    /// A virtual user on that seat, before its first iteration.
    pub(super) fn new(seat: Seat) -> Self {
        let Seat { vu, recorder, seed, env } = seat;
        Self(Rc::new(Inner {
            id: vu,
            scenario: recorder.base_tag("scenario").unwrap_or_default().to_owned(),
            env,
            turn: Cell::new(Turn { of_user: 0, of_scenario: 0 }),
            recorder: RefCell::new(recorder),
            rng: RefCell::new(Rng::new(seed)),
            requests: RefCell::default(),
        }))
    }

    /// Says which iteration begins.
    pub(super) fn begin(&self, turn: Turn) {
        self.0.turn.set(turn);
    }

    /// Its number, from 1; no two virtual users of a run have the same.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load())]
    /// async fn log_in(vu: Vu) {
    ///     let name = format!("user-{}", vu.id());
    /// #   drop(name);
    /// }
    /// # fn main() {}
    /// ```
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// How many iterations this virtual user began before this one: 0 in its first, and while
    /// `vu_setup` runs.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load())]
    /// async fn visit(vu: Vu) {
    ///     if vu.iteration() == 0 {
    ///         vu.counter("visitors", 1.0);
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    pub fn iteration(&self) -> u64 {
        self.0.turn.get().of_user
    }

    /// Number of this iteration among all of its scenario, from 0; no two have the same, whoever
    /// runs them. Good for choosing rows of test data.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// const NAMES: [&str; 3] = ["planner", "coder", "reviewer"];
    ///
    /// #[hub_bench(load(iterations = 3))]
    /// async fn create(vu: Vu) {
    ///     let name = NAMES[vu.iteration_in_scenario() as usize % NAMES.len()];
    /// #   let _ = name;
    /// }
    /// # fn main() {}
    /// ```
    pub fn iteration_in_scenario(&self) -> u64 {
        self.0.turn.get().of_scenario
    }

    /// Name of the scenario that it belongs to.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load())]
    /// async fn visit(vu: Vu) {
    ///     vu.check("is the spike", vu.scenario() == "spike");
    /// }
    /// # fn main() {}
    /// ```
    pub fn scenario(&self) -> &str {
        &self.0.scenario
    }

    /// A variable of its scenario, as `env` gives them; `None` where there is none of that name.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load(env = [("REGION", "eu")]))]
    /// async fn visit(vu: Vu) {
    ///     let region = vu.env("REGION").unwrap_or("us");
    /// #   let _ = region;
    /// }
    /// # fn main() {}
    /// ```
    pub fn env(&self, name: &str) -> Option<&str> {
        self.0.env.get(name).map(String::as_str)
    }

    /// Counts whether something held, under that name and in the metric `checks`; returns it. A
    /// check that does not hold fails nothing by itself: a threshold on `checks` does.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load(thresholds = ["checks: rate > 0.99"]))]
    /// async fn visit(vu: Vu) {
    ///     let answer = "welcome";
    ///     if vu.check("answers", !answer.is_empty()) {
    ///         vu.check("is friendly", answer.starts_with("welcome"));
    ///     }
    /// }
    /// # fn main() {}
    /// ```
    pub fn check(&self, name: &str, held: bool) -> bool {
        self.recorder().check(name, held);
        held
    }

    /// Adds to the sum of that name.
    ///
    /// The first sample of a name decides what kind of metric it is. One of another kind, or under
    /// the name of a metric that every load test has, is not recorded, and counts as an error of
    /// the kind `metric`.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load(thresholds = ["tokens: count > 1000"]))]
    /// async fn generate(vu: Vu) {
    ///     vu.counter("tokens", 17.0);
    /// }
    /// # fn main() {}
    /// ```
    pub fn counter(&self, name: &str, value: f64) {
        self.custom(name, MetricKind::Counter, MetricUnit::One, value);
    }

    /// Sets the value of that name; the last one counts.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load(thresholds = ["queue_length: value < 100"]))]
    /// async fn submit(vu: Vu) {
    ///     vu.gauge("queue_length", 3.0);
    /// }
    /// # fn main() {}
    /// ```
    pub fn gauge(&self, name: &str, value: f64) {
        self.custom(name, MetricKind::Gauge, MetricUnit::One, value);
    }

    /// Adds to the share of that name: how often something held.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load(thresholds = ["cache_hits: rate > 0.8"]))]
    /// async fn look_up(vu: Vu) {
    ///     vu.rate("cache_hits", true);
    /// }
    /// # fn main() {}
    /// ```
    pub fn rate(&self, name: &str, held: bool) {
        self.custom(name, MetricKind::Rate, MetricUnit::One, f64::from(u8::from(held)));
    }

    /// Adds to the distribution of that name, a plain number.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load(thresholds = ["answer_words: med > 5"]))]
    /// async fn ask(vu: Vu) {
    ///     vu.trend("answer_words", 12.0);
    /// }
    /// # fn main() {}
    /// ```
    pub fn trend(&self, name: &str, value: f64) {
        self.custom(name, MetricKind::Trend, MetricUnit::One, value);
    }

    /// Adds to the distribution of that name, a time.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// use std::time::Duration;
    ///
    /// #[hub_bench(load(thresholds = ["first_token: p(95) < 300ms"]))]
    /// async fn generate(vu: Vu) {
    ///     vu.trend_duration("first_token", Duration::from_millis(120));
    /// }
    /// # fn main() {}
    /// ```
    pub fn trend_duration(&self, name: &str, value: Duration) {
        let ns = value.as_nanos() as f64;
        self.custom(name, MetricKind::Trend, MetricUnit::Nanoseconds, ns);
    }

    /// Has what this virtual user records carry a tag from now on: requests, checks and metrics of
    /// its own. Thresholds can ask for it, as in `http_req_duration{plan:premium}: p(95) < 200ms`.
    /// Every value is kept apart: a tag with thousands of values costs memory.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load(thresholds = ["http_req_duration{plan:premium}: p(95) < 200ms"]))]
    /// async fn order(vu: Vu) {
    ///     vu.tag("plan", if vu.id() % 10 == 0 { "premium" } else { "free" });
    /// }
    /// # fn main() {}
    /// ```
    pub fn tag(&self, name: &str, value: &str) {
        let mut recorder = self.0.recorder.borrow_mut();
        if recorder.base_tag(name) == Some(value) {
            return;
        }
        *recorder = recorder.with_tag(name, value);
        *self.0.requests.borrow_mut() = Default::default();
    }

    /// Waits that long, as somebody who reads a page does. What waits belongs to the iteration and
    /// to its duration.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// use std::time::Duration;
    ///
    /// #[hub_bench(load())]
    /// async fn visit(vu: Vu) {
    ///     vu.sleep(Duration::from_millis(500 + vu.random(1000))).await;
    /// }
    /// # fn main() {}
    /// ```
    pub async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// A whole number below `n`, all equally likely; 0 where `n` is 0. Each virtual user has a
    /// sequence of its own, which follows from the seed of the run.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// #[hub_bench(load())]
    /// async fn roll(vu: Vu) {
    ///     vu.check("is a die", 1 + vu.random(6) <= 6);
    /// }
    /// # fn main() {}
    /// ```
    pub fn random(&self, n: u64) -> u64 {
        self.0.rng.borrow_mut().below(n)
    }

    /// Awaits a request, by whatever client, and records it in the metrics of requests with the tag
    /// `name`: `http_reqs`, `http_req_failed` (an `Err` has failed) and `http_req_duration`, which
    /// is all of it, as its parts cannot be told from outside. One that is cut off is not recorded.
    ///
    /// Returns what the request returned.
    ///
    /// ```
    /// # use bench_sdk::{Vu, hub_bench};
    /// # struct Database;
    /// # impl Database { async fn count(&self) -> Result<u64, std::fmt::Error> { Ok(3) } }
    /// # async fn connect() -> Database { Database }
    /// #[hub_bench(
    ///     setup = connect,
    ///     load(rate = 100, duration = "1m", thresholds = ["http_req_duration{name:count}: p(99) < 20ms"]),
    /// )]
    /// async fn count(vu: Vu, database: &Database) -> Result<(), std::fmt::Error> {
    ///     let rows = vu.request("count", database.count()).await?;
    ///     vu.check("has rows", rows > 0);
    ///     Ok(())
    /// }
    /// # fn main() {}
    /// ```
    pub async fn request<T, E>(
        &self,
        name: &str,
        request: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let sent_ns = self.recorder().now_ns();
        let output = request.await;
        let failed = output.is_err();
        let recorder = self.recorder();
        let elapsed_ns = recorder.now_ns().saturating_sub(sent_ns);
        recorder.whole_request(self.request_tags(name, failed, &recorder), elapsed_ns, failed);
        output
    }

    fn request_tags(&self, name: &str, failed: bool, recorder: &Recorder) -> TagSet {
        let known = &mut self.0.requests.borrow_mut()[usize::from(failed)];
        if let Some(tags) = known.get(name) {
            return *tags;
        }
        let expected = if failed { "false" } else { "true" };
        let tags = recorder.tag_set(&[("name", name), ("expected_response", expected)]);
        known.insert(name.to_owned(), tags);
        tags
    }

    fn custom(&self, name: &str, kind: MetricKind, unit: MetricUnit, value: f64) {
        let recorder = self.recorder();
        if let Err(words) = recorder.custom(name, kind, unit, value, &[]) {
            recorder.error("metric", || words);
        }
    }

    fn recorder(&self) -> std::cell::Ref<'_, Recorder> {
        self.0.recorder.borrow()
    }
}

impl fmt::Debug for Vu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { id, scenario, turn, .. } = &*self.0;
        f.debug_struct("Vu")
            .field("id", id)
            .field("scenario", scenario)
            .field("iteration", &turn.get().of_user)
            .finish_non_exhaustive()
    }
}
