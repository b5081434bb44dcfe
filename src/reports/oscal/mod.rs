//! The report of a period in OSCAL 1.1, for tools of governance, risk and compliance: the results of an assessment, and a
//! plan of action and milestones.
//!
//! OSCAL has two words for what came of an objective. `satisfied` (reason `pass`) is said of a test only where there was
//! something to test, all of it could be read, and nothing was found that weighs more than a note. Everything else is
//! `not-satisfied`: with the reason `fail` where there are exceptions, and `other` where something could not be read or
//! shown, where nothing to test occurred, and where a control has no test. NIST SP 800-53A says the same of its "other
//! than satisfied": it stands for a fault, and also for information that could not be had. The property `conclusion` tells
//! which it was, and `exceptions` of `items-tested` are k of n, for which OSCAL has no place of its own.
//!
//! Each test is an observation of the type `control-objective`, and each finding of `tickmark.report/1` one of the type
//! `finding`. An OSCAL finding is what a test came to. An exception is a risk: `open` where management says nothing,
//! `remediating` where it says that it was put right (it is for whoever assesses to close it), `deviation-approved` only
//! where it is accepted by the word of somebody who approved that and for as long as it is, and `deviation-requested`
//! where it is disputed. Neither a suppression nor a baseline changes that; they are the property `standing`.
//!
//! UUIDs are made of what they name, so that the same report is the same bytes, and a risk keeps its UUID from one period to
//! the next. Files are addressed from the folder of the documents. Text is cleaned, and escaped where OSCAL takes markup.

pub mod assessment_results;
mod context;
mod model;
mod naming;
mod observed;
pub mod poam;
mod risk;
