//! The JSON Schema (draft 2020-12) of a line of output, made from the wire types.
//!
//! Closed: every key of the contract is required, and there are no others, in any object.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::analysis::{Analysis, SummaryLine};

/// A line of `--format json`: the analysis of one message, or (the last line of `--summary`) the
/// counts.
#[derive(JsonSchema)]
#[schemars(untagged, title = "smarthop output line")]
#[expect(dead_code, reason = "it is only looked at as a type")]
enum Line {
    Analysis(Box<Analysis>),
    Summary(SummaryLine),
}

/// The schema.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(close as fn(&mut Schema)))
        .into_generator()
        .into_root_schema_for::<Line>();
    // A definition's own transforms do not reach the root's title when it is a reference.
    RecursiveTransform(close as fn(&mut Schema)).transform(&mut schema);
    schema.into()
}

/// The schema as `smarthop schema` prints it and as it is shipped.
pub fn schema_text() -> String {
    format!("{:#}\n", schema())
}

/// Forbids keys that the type does not have.
fn close(schema: &mut Schema) {
    if schema.get("properties").is_some() {
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::report::sample;

    fn objects<'v>(value: &'v Value, found: &mut Vec<&'v serde_json::Map<String, Value>>) {
        match value {
            Value::Object(map) => {
                if map.contains_key("properties") {
                    found.push(map);
                }
                map.values().for_each(|value| objects(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| objects(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn every_object_is_closed_and_every_key_required() {
        let schema = schema();
        let mut found = Vec::new();
        objects(&schema, &mut found);
        assert!(found.len() > 12, "{}", found.len());
        for object in found {
            assert_eq!(object["additionalProperties"], false, "{object:?}");
            let keys = object["properties"].as_object().expect("an object").len();
            assert_eq!(
                object["required"].as_array().expect("a list").len(),
                keys,
                "{object:?}"
            );
        }
    }

    #[test]
    fn the_shipped_schema_is_the_generated_one() {
        assert!(
            include_str!("schema.json") == schema_text(),
            "src/report/schema.json is out of date: write it anew with \
             `cargo run -- schema > src/report/schema.json`"
        );
    }

    #[test]
    fn what_the_contract_does_not_know_is_refused() {
        let validator = jsonschema::draft202012::new(&schema()).expect("a schema");
        let good = serde_json::to_value(sample::documented()).expect("JSON");
        assert!(validator.is_valid(&good));
        let broken: [fn(&mut Value); 6] = [
            |v| v["extra"] = Value::Null,
            |v| v["hops"][0]["extra"] = Value::Null,
            |v| v["outcome"] = "passed".into(),
            |v| v["schema_version"] = 2.into(),
            |v| v["hops"][0]["number"] = Value::Null,
            |v| {
                v["observed"]
                    .as_object_mut()
                    .expect("an object")
                    .remove("tls");
            },
        ];
        for (index, spoil) in broken.iter().enumerate() {
            let mut value = good.clone();
            spoil(&mut value);
            assert!(!validator.is_valid(&value), "{index}");
        }
    }
}
