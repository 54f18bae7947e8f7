//! Moving together: separation, alignment and cohesion, after Reynolds.

use std::collections::HashMap;

use bench_sdk::hub_bench;

type Vector = [f64; 2];

/// One member of a flock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boid {
    /// Where it is.
    pub position: Vector,
    /// How far it moves in a step.
    pub velocity: Vector,
}

/// A flock on an open plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Flock {
    boids: Vec<Boid>,
}

/// How strongly a boid follows its neighbours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// How far a boid sees.
    pub sight: f64,
    /// Away from neighbours.
    pub separation: f64,
    /// Towards their mean velocity.
    pub alignment: f64,
    /// Towards their centre.
    pub cohesion: f64,
    /// No boid is faster than this.
    pub top_speed: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { sight: 5.0, separation: 0.08, alignment: 0.06, cohesion: 0.01, top_speed: 1.0 }
    }
}

/// How the neighbours of a boid are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbours {
    /// By looking at everyone: quadratic.
    Everyone,
    /// By looking into the nine cells around: linear while the flock is spread out.
    Grid,
}

impl Flock {
    /// A flock of these boids.
    pub const fn new(boids: Vec<Boid>) -> Self {
        Self { boids }
    }

    /// A flock spread at random over a square with four boids in each ten by ten.
    pub fn scattered(boids: usize, seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let side = (boids as f64 * 25.0).sqrt();
        let mut boid = || Boid {
            position: [rng.f64() * side, rng.f64() * side],
            velocity: [rng.f64() - 0.5, rng.f64() - 0.5],
        };
        Self::new((0..boids).map(|_| boid()).collect())
    }

    /// Its members.
    pub fn boids(&self) -> &[Boid] {
        &self.boids
    }

    /// How much the boids agree on where to go: 1 when all go the same way, 0 when none does.
    pub fn order(&self) -> f64 {
        let mut total = [0.0, 0.0];
        for boid in &self.boids {
            let speed = length(boid.velocity).max(f64::MIN_POSITIVE);
            total = add(total, scale(boid.velocity, 1.0 / speed));
        }
        length(total) / self.boids.len().max(1) as f64
    }
}

/// Moves every boid once, all at the same moment.
///
/// Measured up to where a processor still remembers all turns of the inner loop: beyond, its
/// branches are mispredicted and each pair costs more than twice as much.
#[hub_bench(
    args = [16, 24, 32, 48, 64, 96, 128],
    inputs = |&boids| (Flock::scattered(boids, 1), Rules::default(), Neighbours::Everyone),
    tags = ["scaling"],
    complexity = "n^2",
)]
pub fn step(flock: &mut Flock, rules: &Rules, neighbours: Neighbours) {
    let next = match neighbours {
        Neighbours::Everyone => {
            let everyone = || 0..flock.boids.len();
            steered(flock, rules, |_| everyone())
        }
        Neighbours::Grid => {
            let grid = Grid::over(flock, rules.sight);
            steered(flock, rules, |boid| grid.around(boid.position))
        }
    };
    flock.boids = next;
}

/// The flock after a step, where `near` gives the positions of all boids that may be in sight.
fn steered<I: Iterator<Item = usize>>(
    flock: &Flock,
    rules: &Rules,
    near: impl Fn(&Boid) -> I,
) -> Vec<Boid> {
    let boids = flock.boids.iter().enumerate();
    let moved = boids.map(|(own, boid)| {
        let others = near(boid).filter(|&other| other != own);
        let velocity = steer(boid, others.map(|other| &flock.boids[other]), rules);
        Boid { position: add(boid.position, velocity), velocity }
    });
    moved.collect()
}

fn steer<'f>(boid: &Boid, others: impl Iterator<Item = &'f Boid>, rules: &Rules) -> Vector {
    let (mut away, mut heading, mut centre) = ([0.0; 2], [0.0; 2], [0.0; 2]);
    let mut seen = 0.0;
    for other in others {
        let offset = subtract(other.position, boid.position);
        let distance = length(offset);
        if distance > rules.sight {
            continue;
        }
        seen += 1.0;
        away = subtract(away, scale(offset, 1.0 / distance.max(0.1)));
        heading = add(heading, subtract(other.velocity, boid.velocity));
        centre = add(centre, offset);
    }
    if seen < 1.0 {
        return boid.velocity;
    }
    let pull = add(
        scale(away, rules.separation),
        add(scale(heading, rules.alignment / seen), scale(centre, rules.cohesion / seen)),
    );
    let velocity = add(boid.velocity, pull);
    let speed = length(velocity);
    if speed > rules.top_speed { scale(velocity, rules.top_speed / speed) } else { velocity }
}

/// Which boids are in which square of the plane; a square is as wide as a boid sees.
struct Grid {
    cells: HashMap<(i64, i64), Vec<usize>>,
    width: f64,
}

impl Grid {
    fn over(flock: &Flock, width: f64) -> Self {
        let mut grid = Self { cells: HashMap::new(), width: width.max(f64::MIN_POSITIVE) };
        for (index, boid) in flock.boids.iter().enumerate() {
            let cell = grid.cell(boid.position);
            grid.cells.entry(cell).or_default().push(index);
        }
        grid
    }

    fn cell(&self, position: Vector) -> (i64, i64) {
        let along = |coordinate: f64| (coordinate / self.width).floor() as i64;
        (along(position[0]), along(position[1]))
    }

    fn around(&self, position: Vector) -> impl Iterator<Item = usize> {
        let (column, row) = self.cell(position);
        let columns = column.saturating_sub(1)..=column.saturating_add(1);
        let cells = columns.flat_map(move |column| {
            (row.saturating_sub(1)..=row.saturating_add(1)).map(move |row| (column, row))
        });
        cells.filter_map(|cell| self.cells.get(&cell)).flatten().copied()
    }
}

fn add(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1]]
}

fn subtract(a: Vector, b: Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1]]
}

fn scale(a: Vector, factor: f64) -> Vector {
    [a[0] * factor, a[1] * factor]
}

fn length(a: Vector) -> f64 {
    a[0].hypot(a[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boid(position: Vector, velocity: Vector) -> Boid {
        Boid { position, velocity }
    }

    #[test]
    fn a_boid_alone_flies_straight_on() {
        let mut flock = Flock::new(vec![boid([1.0, 2.0], [0.5, -0.25])]);
        step(&mut flock, &Rules::default(), Neighbours::Everyone);
        assert_eq!(flock.boids()[0], boid([1.5, 1.75], [0.5, -0.25]));
    }

    #[test]
    fn boids_out_of_sight_do_not_matter() {
        let far = boid([100.0, 0.0], [0.0, 1.0]);
        let mut flock = Flock::new(vec![boid([0.0; 2], [0.5, 0.0]), far]);
        step(&mut flock, &Rules::default(), Neighbours::Everyone);
        assert_eq!(flock.boids()[0], boid([0.5, 0.0], [0.5, 0.0]));
    }

    #[test]
    fn grid_and_everyone_steer_alike() {
        let mut by_grid = Flock::scattered(150, 9);
        let mut by_all = by_grid.clone();
        for _ in 0..5 {
            step(&mut by_grid, &Rules::default(), Neighbours::Grid);
            step(&mut by_all, &Rules::default(), Neighbours::Everyone);
        }
        for (a, b) in by_grid.boids().iter().zip(by_all.boids()) {
            // The sums are the same up to the order of their terms.
            assert!(length(subtract(a.position, b.position)) < 1e-9);
        }
    }

    #[test]
    fn nobody_exceeds_the_top_speed() {
        let rules = Rules::default();
        let mut flock = Flock::scattered(80, 4);
        for _ in 0..20 {
            step(&mut flock, &rules, Neighbours::Grid);
        }
        let fastest = flock.boids().iter().map(|boid| length(boid.velocity));
        assert!(fastest.fold(0.0, f64::max) <= rules.top_speed + 1e-12);
    }

    #[test]
    fn a_dense_flock_comes_to_fly_one_way() {
        let rules = Rules { sight: 1000.0, separation: 0.0, ..Rules::default() };
        let mut flock = Flock::scattered(30, 2);
        let before = flock.order();
        for _ in 0..200 {
            step(&mut flock, &rules, Neighbours::Everyone);
        }
        assert!(flock.order() > 0.95 && before < 0.7);
    }
}
