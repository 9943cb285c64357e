"""What the engine needs of the machine: cgroups, root file systems, the helper's build."""
