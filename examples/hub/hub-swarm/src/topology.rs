//! Who talks to whom.

use bench_sdk::hub_bench;

/// An undirected graph of agents, as a list of neighbours for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology {
    neighbours: Vec<Vec<usize>>,
}

impl Topology {
    /// Everyone has two neighbours, in a circle.
    pub fn ring(agents: usize) -> Self {
        let mut topology = Self::unconnected(agents);
        for agent in 0..agents {
            topology.connect(agent, (agent + 1) % agents);
        }
        topology
    }

    /// Nobody knows anybody.
    pub fn unconnected(agents: usize) -> Self {
        Self { neighbours: vec![Vec::new(); agents] }
    }

    /// Makes two agents neighbours, once; nobody becomes a neighbour of itself. Agents that are
    /// not in the graph are ignored.
    pub fn connect(&mut self, one: usize, other: usize) {
        let inside = one.max(other) < self.neighbours.len();
        if inside && one != other && !self.neighbours[one].contains(&other) {
            self.neighbours[one].push(other);
            self.neighbours[other].push(one);
        }
    }

    /// How many agents there are.
    pub fn len(&self) -> usize {
        self.neighbours.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.neighbours.is_empty()
    }

    /// The neighbours of an agent; an agent that is not in the graph has none.
    pub fn neighbours(&self, agent: usize) -> &[usize] {
        self.neighbours.get(agent).map_or(&[], Vec::as_slice)
    }

    /// Whether news can get from everyone to everyone.
    pub fn is_connected(&self) -> bool {
        let mut reached = vec![false; self.len()];
        let mut open = Vec::new();
        if let Some(first) = reached.first_mut() {
            *first = true;
            open.push(0);
        }
        while let Some(agent) = open.pop() {
            for &next in self.neighbours(agent) {
                if !reached[next] {
                    reached[next] = true;
                    open.push(next);
                }
            }
        }
        reached.into_iter().all(|reached| reached)
    }
}

/// A ring with `shortcuts` random connections across it: few hops from anyone to anyone.
#[hub_bench(inputs = (256, 64, 7), tags = ["setup"])]
pub fn small_world(agents: usize, shortcuts: usize, seed: u64) -> Topology {
    let mut topology = Topology::ring(agents);
    let mut rng = fastrand::Rng::with_seed(seed);
    if agents > 0 {
        for _ in 0..shortcuts {
            topology.connect(rng.usize(..agents), rng.usize(..agents));
        }
    }
    topology
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_connected_and_everyone_has_two_neighbours() {
        let ring = Topology::ring(5);
        assert!(ring.is_connected());
        assert!((0..5).all(|agent| ring.neighbours(agent).len() == 2));
        assert!(Topology::ring(1).neighbours(0).is_empty());
        assert!(Topology::ring(0).is_empty());
    }

    #[test]
    fn connections_are_mutual_and_single() {
        let world = small_world(40, 60, 3);
        for agent in 0..world.len() {
            for &neighbour in world.neighbours(agent) {
                let back = world.neighbours(neighbour);
                assert_eq!(back.iter().filter(|&&other| other == agent).count(), 1);
                assert_ne!(neighbour, agent);
            }
        }
    }

    #[test]
    fn islands_are_not_connected() {
        let mut islands = Topology::unconnected(4);
        islands.connect(0, 1);
        islands.connect(2, 3);
        islands.connect(3, 9);
        assert!(!islands.is_connected());
        islands.connect(1, 2);
        assert!(islands.is_connected());
    }
}
