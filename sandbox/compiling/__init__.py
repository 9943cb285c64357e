"""From sources to programs: languages, precompiled headers, the compile cache."""
