//! Which peers there are, and who is asked for: `benches/peers/peers.toml`.

use crate::workspace;
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The peer in Rust that is no package.
const PLAIN: &str = "plain loop";

/// A language that peers are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    Rust,
    Python,
    JavaScript,
}

impl Language {
    pub(super) const ALL: [Self; 3] = [Self::Rust, Self::Python, Self::JavaScript];

    /// The folder of its worker, in `benches/peers`, which is also its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Python => "python",
            Self::JavaScript => "javascript",
        }
    }

    fn of(self, peers: &Peers) -> &[String] {
        match self {
            Self::Rust => &peers.rust,
            Self::Python => &peers.python,
            Self::JavaScript => &peers.javascript,
        }
    }
}

/// The peers of each language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Peers {
    rust: Vec<String>,
    python: Vec<String>,
    javascript: Vec<String>,
}

impl Peers {
    fn read() -> Result<Self> {
        let file = workspace::root().join("benches/peers/peers.toml");
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("in {}", file.display()))
    }
}

/// With whom ours are compared.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Against {
    None,
    /// Those whose packages are here already, installed or as source.
    Installed,
    All,
    /// These, and the languages that have them.
    Named(Vec<String>, BTreeSet<Language>),
}

impl Against {
    pub(super) fn parse(words: &[String]) -> Result<Self> {
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["none"] => return Ok(Self::None),
            ["installed"] => return Ok(Self::Installed),
            ["all"] => return Ok(Self::All),
            _ => {}
        }
        let mut languages = BTreeSet::new();
        let mut known = BTreeSet::new();
        let peers = Peers::read()?;
        for language in Language::ALL {
            let peers = language.of(&peers);
            if words.iter().any(|word| peers.contains(word)) {
                languages.insert(language);
            }
            known.extend(peers.iter().cloned());
        }
        if let Some(unknown) = words.iter().find(|word| !known.contains(*word)) {
            bail!(
                "no peer is called `{unknown}`; --against takes none, installed or all by itself, or of these: {}",
                known.into_iter().collect::<Vec<_>>().join(", ")
            );
        }
        Ok(Self::Named(words.to_vec(), languages))
    }

    /// Whether a language's peers are to be set up, if that is not done yet: or whether they take part if it is.
    pub(super) fn wants(&self, language: Language, installed: bool) -> bool {
        match self {
            Self::None => false,
            Self::Installed => installed,
            Self::All => true,
            Self::Named(_, languages) => languages.contains(&language),
        }
    }

    /// Those in Rust whose packages are to be built.
    pub(super) fn peers_in_rust(&self) -> Result<Vec<String>> {
        let mut peers = Peers::read()?.rust;
        peers.retain(|peer| peer != PLAIN);
        match self {
            Self::None => peers.clear(),
            Self::Installed | Self::All => {}
            Self::Named(names, _) => peers.retain(|peer| names.contains(peer)),
        }
        Ok(peers)
    }

    /// The only ones that take part.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::None | Self::Installed | Self::All => Vec::new(),
            Self::Named(names, _) => names.iter().map(String::as_str).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Against> {
        Against::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_peer_is_of_the_language_whose_manifest_names_it() {
        let Against::Named(names, languages) = parse(&["gemm", "numpy"]).unwrap() else { panic!() };
        assert_eq!(names, ["gemm", "numpy"]);
        assert_eq!(languages, BTreeSet::from([Language::Rust, Language::Python]));
        let error = parse(&["nosuch"]).unwrap_err().to_string();
        assert!(error.contains("`nosuch`") && error.contains("onnxruntime-web"), "{error}");
    }

    #[test]
    fn each_worker_holds_what_is_listed_for_it() {
        let peers = Peers::read().unwrap();
        for language in Language::ALL {
            let folder = workspace::root().join("benches/peers").join(language.name());
            let mut folders = vec![folder.clone()];
            let mut sources = String::new();
            while let Some(folder) = folders.pop() {
                for entry in std::fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    let is = |name: &str| path.file_name().is_some_and(|other| other == name);
                    if path.is_dir() && !is("node_modules") && !is("target") {
                        folders.push(path);
                    } else if path.extension().is_some_and(|e| ["rs", "py", "mjs"].iter().any(|is| e == *is))
                    {
                        sources += &std::fs::read_to_string(path).unwrap();
                    }
                }
            }
            for name in language.of(&peers) {
                assert!(sources.contains(name.as_str()), "{name} in {}", folder.display());
            }
        }
    }

    #[test]
    fn only_who_takes_part_is_built() {
        let built = |words: &[&str]| parse(words).unwrap().peers_in_rust().unwrap();
        assert_eq!(built(&["gemm", "numpy", "plain loop"]), ["gemm"]);
        assert!(built(&["none"]).is_empty() && built(&["numpy"]).is_empty());
        // Each is a feature of the worker's package.
        let manifest = workspace::root().join("benches/peers/rust/Cargo.toml");
        let manifest: toml::Table = std::fs::read_to_string(manifest).unwrap().parse().unwrap();
        let features: Vec<_> = manifest["features"].as_table().unwrap().keys().map(String::as_str).collect();
        let mut all = built(&["all"]);
        all.push("default".to_owned());
        all.sort();
        assert_eq!(features, all);
    }

    #[test]
    fn none_is_asked_for_by_a_word() {
        assert_eq!(parse(&["all"]).unwrap(), Against::All);
        assert!(!parse(&["none"]).unwrap().wants(Language::Python, true));
        assert!(parse(&["installed"]).unwrap().wants(Language::Python, true));
        assert!(!parse(&["installed"]).unwrap().wants(Language::Python, false));
        assert!(parse(&["all", "gemm"]).is_err());
    }
}
