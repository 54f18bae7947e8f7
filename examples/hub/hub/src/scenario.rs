//! A team and a job, to try the hub with.

use bench_sdk::hub_bench;
use hub_agents::{AgentSpec, Capability, CapabilitySet};
use hub_neural::NetworkError;

use crate::classifier::Classifier;
use crate::error::HubError;
use crate::orchestrator::Orchestrator;

/// Phrases from which the classifier learns what texts call for.
pub const PHRASES: [(&str, Capability); 24] = [
    ("break the goal into steps", Capability::Plan),
    ("plan the release and its milestones", Capability::Plan),
    ("which steps come first, make a roadmap", Capability::Plan),
    ("find sources and papers", Capability::Research),
    ("research the market and compare", Capability::Research),
    ("collect evidence, study the literature", Capability::Research),
    ("write a function and its tests", Capability::Code),
    ("fix the bug in the program", Capability::Code),
    ("implement the parser in code", Capability::Code),
    ("judge the change, find mistakes", Capability::Review),
    ("review the merge request", Capability::Review),
    ("approve or reject this work", Capability::Review),
    ("shorten the text", Capability::Summarize),
    ("summarize the meeting notes", Capability::Summarize),
    ("a brief summary in one sentence", Capability::Summarize),
    ("translate into French", Capability::Translate),
    ("what is this letter in German", Capability::Translate),
    ("put it into another language", Capability::Translate),
    ("sort these under a heading", Capability::Classify),
    ("classify the ticket, which category", Capability::Classify),
    ("label the messages as spam or not", Capability::Classify),
    ("look up the customer", Capability::Retrieve),
    ("retrieve the record from the archive", Capability::Retrieve),
    ("what do we know already, search memory", Capability::Retrieve),
];

/// Lines in both formats, two of them broken: one in itself, one because it waits for the other.
pub const JOB: &str = r#"# id,kind,priority,after,text
1,redact,9,,"Look up the customer ann@example.org, born 1984-05-17, in the archive."
2,summarize,7,1,"Summarize the meeting notes. The queue grows. Nobody empties the queue."
{"id":3,"kind":"grade","priority":5,"after":[2],"text":"Translate the letter into French."}
{"id":4,"kind":"index","priority":8,"text":"Review the merge request: find mistakes, judge the change, approve or reject."}
5,index,4,3 4,"Write a function and its tests. Fix the bug in the function."
6,juggle,4,,"Nobody can do this."
7,grade,1,6,"This waits for a line that cannot be read."
{"id":8,"kind":"summarize","priority":2,"after":[4,5],"text":"Plan the release and its milestones. The release has three steps."}
"#;

const EPOCHS: usize = 120;
const SEED: u64 = 2026;

/// A classifier that has learned the [`PHRASES`].
pub fn classifier() -> Result<Classifier, NetworkError> {
    Classifier::trained(&PHRASES, EPOCHS, SEED)
}

/// Six agents that can do everything between them.
#[hub_bench]
pub fn team() -> Vec<AgentSpec> {
    use Capability::{Classify, Code, Plan, Research, Retrieve, Review, Summarize, Translate};
    let members: [(&str, &[Capability]); 6] = [
        ("ada", &[Code, Review]),
        ("bo", &[Review, Classify]),
        ("cy", &[Summarize, Translate]),
        ("di", &[Research, Retrieve]),
        ("eve", &[Plan, Research, Summarize]),
        ("finn", &[Retrieve, Classify, Code]),
    ];
    let spec = |(name, capabilities): (&str, &[Capability])| {
        let capabilities: CapabilitySet = capabilities.iter().copied().collect();
        AgentSpec::new(name, capabilities)
    };
    members.into_iter().map(spec).collect()
}

/// The team with its classifier.
pub fn orchestrator() -> Result<Orchestrator, HubError> {
    Orchestrator::new(team(), classifier()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_can_do_everything() {
        let team = team();
        for capability in Capability::ALL {
            let able = |spec: &AgentSpec| spec.capabilities.contains(capability);
            assert!(team.iter().any(able), "nobody can {capability}");
        }
    }

    #[test]
    fn every_capability_has_phrases() {
        for capability in Capability::ALL {
            let phrases = PHRASES.iter().filter(|phrase| phrase.1 == capability);
            assert_eq!(phrases.count(), 3);
        }
    }
}
