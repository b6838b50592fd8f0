//! `package.json` of a package, from the manifest of its crate; the description from that of the bindings.

use super::{Kernel, VARIANTS};
use anyhow::{Context as _, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// In the order in which people expect it. Conditions are tried from the first on.
#[derive(Serialize)]
pub(super) struct Manifest<'a> {
    name: &'a str,
    version: &'a str,
    description: &'a str,
    keywords: &'a [String],
    license: &'a str,
    r#type: &'a str,
    engines: Engines<'a>,
    #[serde(rename = "sideEffects")]
    side_effects: bool,
    main: &'a str,
    module: &'a str,
    types: &'a str,
    exports: Exports<'a>,
    files: [&'a str; 8],
}

#[derive(Serialize)]
struct Engines<'a> {
    node: &'a str,
}

#[derive(Serialize)]
struct Exports<'a> {
    #[serde(rename = ".")]
    package: Conditions<'a>,
    #[serde(flatten)]
    files: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Conditions<'a> {
    node: Node<'a>,
    types: &'a str,
    default: &'a str,
}

#[derive(Serialize)]
struct Node<'a> {
    import: Module<'a>,
    require: Module<'a>,
}

#[derive(Serialize)]
struct Module<'a> {
    types: &'a str,
    default: &'a str,
}

impl<'a> Manifest<'a> {
    pub(super) fn new(kernel: &'a Kernel) -> Result<Self> {
        let library = &kernel.library;
        let binaries = VARIANTS.iter().map(|variant| kernel.binary(variant));
        let files = binaries.chain(["package.json".to_owned()]).map(|file| format!("./{file}"));
        Ok(Self {
            name: &library.name,
            version: &library.version,
            description: kernel
                .bindings
                .description
                .as_deref()
                .context("the bindings have no description")?,
            keywords: &library.keywords,
            license: library.license.as_deref().context("the crate has no licence")?,
            r#type: "module",
            engines: Engines { node: ">=20" },
            // What runs when it is loaded concerns nothing but itself.
            side_effects: false,
            main: "./index.cjs",
            module: "./index.js",
            types: "./index.d.ts",
            exports: Exports {
                package: Conditions {
                    node: Node {
                        import: Module { types: "./index.d.ts", default: "./index.mjs" },
                        require: Module { types: "./index.d.cts", default: "./index.cjs" },
                    },
                    types: "./index.d.ts",
                    default: "./index.js",
                },
                files: files.map(|file| (file.clone(), file)).collect(),
            },
            files: ["*.js", "*.cjs", "*.mjs", "*.d.ts", "*.d.cts", "*.wasm", "LICENSE-*", "THIRD-PARTY.md"],
        })
    }

    pub(super) fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_the_crate_says_and_tries_node_first() {
        let kernels = super::super::kernels().unwrap();
        let kernel = kernels.iter().find(|kernel| kernel.name() == "kernels-maxsim").unwrap();
        let json = Manifest::new(kernel).unwrap().to_json().unwrap();
        let place = |text: &str| json.find(text).unwrap_or_else(|| panic!("no {text} in {json}"));
        assert!(place("\"name\": \"kernels-maxsim\"") < place(env!("CARGO_PKG_VERSION")));
        assert!(place("\"colbert\"") < place("\"license\": \"MIT OR Apache-2.0\""));
        assert!(place("\"node\": {") < place("\"default\": \"./index.js\""));
        place("\"./kernels-maxsim.relaxed-simd.wasm\": \"./kernels-maxsim.relaxed-simd.wasm\"");
    }
}
