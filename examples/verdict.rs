//! Prints the verdict of a message on standard input: `verdict SMART-HOST < message.eml`.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::io::Read;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let smart_host = std::env::args()
        .nth(1)
        .ok_or("give the smart host's name")?
        .parse()?;
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let expectation = smarthop::Expectation::connector([smart_host]);
    let analysis = smarthop::analyze(&bytes, &expectation, smarthop::Catalogue::builtin());
    println!("{}", serde_json::to_string_pretty(&analysis)?);
    Ok(())
}
